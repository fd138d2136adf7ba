"""Names of people whom nobody told us of: after a word that announces them, beside a sex or an
age, and by surname within a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mingzheng.core.redaction.names import HAN, tables
from mingzheng.core.redaction.organisations import around
from mingzheng.core.redaction.spans import Span, flatten

_MARK = re.compile(rf"[^{HAN}]")
_SPACED = re.compile(rf"[{HAN}](?:[ \t\u3000]{{1,4}}(?![男女，])[{HAN}]){{1,3}}")
_FOREIGN = re.compile(r"[A-Z][a-z]+(?:[ \t]+[A-Z][a-z]+){1,3}")
_ALONE = re.compile(rf"[{HAN}]{{2,4}}(?=[，。；、（(\s]|\Z)")
# Names of other peoples: parts with a dot between them.
_DOTTED = re.compile(rf"[{HAN}]{{1,7}}(?:[·•‧・][{HAN}]{{2,7}})+")
_DOTS = frozenset("·•‧・")
_DOT, _INTO = re.compile("[·•‧・]"), frozenset("系由与和及对向被将是为叫给归在的者人员")
_SEX = re.compile(r"[男女](?<=[（(，,、\s][男女])(?=\s*[，,、）)。；;\s])")
_AGE = re.compile(
    r"[（(，,、\s]\s*(?:[男女]\s*[，,、]\s*)?(?:现?年|时年)?\s*(?:1[0-7]|[0-9])\s*周?岁"
)
_AGED = re.compile(r"(?:年仅|年满|刚满|不满|未满|才|仅)\s*(?:1[0-7]|[0-9])\s*周?岁的?")
_WITH = re.compile(r"(?:签订|签署|签有|达成|订立|约定)")
_CERTIFIED = re.compile(r"\s*[（(]\s*(?:行政)?(?:执法|监督|检查)(?:人员)?证")
_ASIDE = re.compile(r"[（(][^（）()]{0,30}[）)]")
_SCHOOL = re.compile(
    rf"(?:就读于?|系|在)\s*(?P<where>[{HAN}0-9]{{2,18}}(?:小学|中学|学校|幼儿园|一中|二中|三中)"
    rf"[{HAN}0-9（）()]{{0,12}}?(?:年级|班)?)(?=[，。；、的]|学生|读书|上学|就读)"
)
_ON_DUTY = re.compile("[（(]|依法|对")
_NEXT = frozenset("、和与及")
_ORDER = ("minor", "informant", "respondent", "name")


@dataclass
class People:
    """Who is named in a text, name → (kind, rule), and where a name stands in another spelling
    than its plain one.
    """

    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    officers: set[str] = field(default_factory=set)
    places: list[Span] = field(default_factory=list)

    def add(self, name: str, kind: str, rule: str) -> None:
        """A person is of the most protective kind in which anything names them."""
        held = self.named.get(name)
        if held is None or _ORDER.index(kind) < _ORDER.index(held[0]):
            self.named[name] = (kind, rule)

    def spans(self, text: str) -> Iterator[Span]:
        """Every place of every person, but officers on duty."""
        yield from self.places
        for name, (kind, rule) in self.named.items():
            if name in self.officers and kind == "name":
                continue
            at = text.find(name)
            while at >= 0:
                yield Span(at, at + len(name), kind, rule)
                at = text.find(name, at + len(name))


def scan(
    text: str, officers: frozenset[str], told: Mapping[str, str], regions: list[tuple[int, int]]
) -> Iterator[Span]:
    """People in a plain text; `officers` are known to be on duty, `regions` are names of
    organisations, `told` says who is of which kind.
    """
    people = People(
        {name: (kind, "本案当事人") for name, kind in told.items() if name in text}, set(officers)
    )
    _announced(text, people, regions)
    _marked(text, people)
    _within(text, people, regions)
    # A dotted name that somebody told us of is of the kind they said, and found by its letters.
    people.places = [
        span for span in people.places if flatten(text[span.start : span.end]) not in told
    ]
    yield from people.spans(text)
    if any(kind == "minor" for kind, _ in people.named.values()):
        for hit in _SCHOOL.finditer(text):
            yield Span(hit.start("where"), hit.end("where"), "minor", "未成年人就读学校")


def _announced(text: str, people: People, regions: list[tuple[int, int]]) -> None:
    """Names after a word for a role, and those listed with them."""
    known = tables()
    for cue in known.cue.finditer(text):
        role = known.role(text, cue.start() + 1)
        if not role:
            continue
        kind, at = known.roles[role], cue.end()
        while at < len(text):
            end = _after_cue(text, at, bool(cue["sure"]), regions)
            if not end:
                break
            name = text[at:end]
            flat = name if name.isascii() else "".join(name.split())
            if kind == "officer":
                people.officers.add(flat)
            else:
                people.add(flat, kind, f"“{role}”之后")
                if flat != name and flat not in people.officers:
                    people.places.append(Span(at, end, kind, f"“{role}”之后"))
            aside = _ASIDE.match(text, end) if text[end : end + 1] in "（(" else None
            end = aside.end() if aside else end
            joint = text[end : end + 1]
            if (
                joint not in _NEXT
                or kind == "officer"
                and joint != "、"
                and not _colleague(text, end)
            ):
                break
            # Whoever is named beside a party need not be one; nobody becomes an officer by standing
            # beside one.
            kind, at = "name" if kind == "respondent" and joint != "、" else kind, end + 1


def _after_cue(text: str, at: int, sure: bool, regions: list[tuple[int, int]]) -> int:
    """Where the name ends that begins here after a word for a role; 0 where there is none."""
    known = tables()
    if end := _unusual(text, at):
        return end
    if text[at - 1] in "：:" and (end := _stated(text, at, regions)):
        return end
    size = known.begins(text, at)
    first, second = text[at + size : at + size + 1], text[at + size + 1 : at + size + 2]
    if not size or not _han(first) or first in known.never or text[at : at + 3] in known.words:
        return 0
    if text[at : at + 2] in known.words and not (
        second in known.given and _edge(text, at + size + 2)
    ):
        return 0
    if not sure and text[at] in known.doubtful and size == 1 and first not in known.given:
        return 0
    end = at + size + (2 if _goes_on(text, at + size + 1, second, sure) else 1)
    firm = around(regions, at, end + 1) if text[end : end + 1] not in known.right else None
    return 0 if firm and firm[0] > at - 2 else end


def _stated(text: str, at: int, regions: list[tuple[int, int]]) -> int:
    """Where a name ends that is all that is said after a colon, whatever its surname; 0 for what
    is no name.
    """
    known = tables()
    hit = _ALONE.match(text, at)
    if (
        hit is None
        or known.never & set(hit.group())
        or hit.group() in known.blank
        or hit.group()[-1] in known.bodies
    ):
        return 0
    return 0 if hit.group()[:2] in known.words or around(regions, at, at + 1) else hit.end()


def _unusual(text: str, at: int) -> int:
    """Where a name ends that is spaced, dotted or foreign; 0 for others."""
    known = tables()
    if not _han(text[at : at + 1]):
        hit = _FOREIGN.match(text, at)
    elif text[at + 1 : at + 2].isspace():
        hit = _SPACED.match(text, at)
        if hit and not (known.begins(text, at) and _edge(text, hit.end())):
            return 0
    else:
        hit = _DOTTED.match(text, at) if _DOT.search(text, at, at + 8) else None
    return hit.end() if hit else 0


def _colleague(text: str, joint: int) -> bool:
    """Whether "和 X" after an officer names another one: X then acts, or shows a certificate."""
    end = _after_cue(text, joint + 1, False, []) if text[joint] in "和及" else 0
    return bool(end and _ON_DUTY.match(text, end))


def _goes_on(text: str, at: int, char: str, sure: bool) -> bool:
    """Whether the character at this place still belongs to the given name."""
    known = tables()
    if not _han(char) or char in known.never:
        return False
    after = text[at + 1 : at + 2]
    ends = not after or after in known.right or not _han(after)
    if char in known.right:
        return ends and char in known.given
    return char in known.given or ends


def _marked(text: str, people: People) -> None:
    """Names before a sex or an age, before a contract, dotted names, officers with their
    certificate.
    """
    for hit in _SEX.finditer(text):
        low = max(0, hit.start() - 8)
        _backwards(
            text,
            low + len(text[low : hit.start()].rstrip("（(，,、 \t\u3000")),
            people,
            "name",
            "性别之前",
        )
    if "岁" in text:
        _young(text, people)
    for hit in _WITH.finditer(text):
        for size in (3, 2, 4):
            start = hit.start() - size
            if (
                start > 0
                and text[start - 1] in "与和同跟"
                and _after_cue(text, start, True, []) == hit.start()
            ):
                people.add(text[start : hit.start()], "name", "合同相对人")
    if _DOT.search(text):
        people.places += _dotted(text)


def _young(text: str, people: People) -> None:
    for hit in _AGE.finditer(text):
        _backwards(text, hit.start(), people, "minor", "不满十八周岁")
    for hit in _AGED.finditer(text):
        if end := _after_cue(text, hit.end(), True, []):
            people.add(text[hit.end() : end], "minor", "不满十八周岁")


def _dotted(text: str) -> Iterator[Span]:
    """Names with a dot between their parts, without the words that run into them."""
    known = tables()
    for hit in _DOTTED.finditer(text):
        said = hit.group()
        dots = [dot.start() for dot in _DOT.finditer(said)]
        low = max((at + 1 for at in range(dots[0]) if said[at] in _INTO), default=0)
        ends = (known.right | known.never) - {"提"}
        high = next((at for at in range(dots[-1] + 1, len(said)) if said[at] in ends), len(said))
        if high - dots[-1] > 2 and low < dots[0]:
            yield Span(hit.start() + low, hit.start() + high, "name", "间隔号姓名")


def _backwards(text: str, end: int, people: People, kind: str, rule: str) -> None:
    known = tables()
    for size in (3, 2, 4):
        start = end - size
        if (
            start >= 0
            and known.begins(text, start)
            and not _MARK.search(text[start:end])
            and not known.never & set(text[start + 1 : end])
        ):
            if size == 4 and text[start : start + 2] not in known.compound:
                continue
            if size < 4 and start > 0 and known.word(text, start):
                continue
            people.add(text[start:end], kind, rule)
            return


def _within(text: str, people: People, regions: list[tuple[int, int]]) -> None:
    """Names in running sentences: surname, given name, and what stands on both sides."""
    known = tables()
    past = 0
    covered = iter([*regions, (len(text) + 1, len(text) + 1)])
    region = next(covered)
    for hit in known.surname.finditer(text):
        at = hit.start()
        while region[1] <= at:
            region = next(covered)
        if at < past or known.word(text, at):
            continue
        end = _in_sentence(text, at)
        # A dot means a longer name, which is found by its dots.
        if (
            not end
            or text[end : end + 1] in _DOTS
            or region[0] <= at
            and end < region[1]
            and text[end] not in known.right
        ):
            continue
        past = end
        if _CERTIFIED.match(text, end):
            people.officers.add(text[at:end])
        people.add(text[at:end], "name", "姓氏与前后文")


def _in_sentence(text: str, at: int) -> int:
    """Where a name ends that begins here in running text; 0 where this is no name."""
    known = tables()
    size = known.begins(text, at)
    first, second = text[at + size : at + size + 1], text[at + size + 1 : at + size + 2]
    if not size or first not in known.given:
        return 0
    doubtful = size == 1 and text[at] in known.doubtful
    left = at == 0 or text[at - 1] in known.left or not _han(text[at - 1])
    if doubtful and not left:
        return 0
    short, long = at + size + 1, at + size + 2
    if second in known.given and second not in known.right:
        closed = _edge(text, long)
        return long if closed and left or (left or closed) and not doubtful else 0
    if second in known.given and _edge(text, long) and left:
        return long
    return (
        short
        if left
        and _edge(text, short)
        and (not doubtful or size == 2 or not _han(text[short : short + 1]))
        else 0
    )


def _han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _edge(text: str, at: int) -> bool:
    return at >= len(text) or text[at] in tables().right or not _han(text[at])
