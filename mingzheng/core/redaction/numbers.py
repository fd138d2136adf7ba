"""Identity numbers, credit codes, telephones, plates, accounts, mail addresses: whatever stands
between their characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingzheng.core.redaction.identifiers import is_id, is_luhn, is_uscc, looks_like_id
from mingzheng.core.redaction.sight import GAP
from mingzheng.core.redaction.spans import Span

_SPOKEN = "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺"
_DIGITS = str.maketrans(_SPOKEN, "001234567891234567891")
# Five characters after a letter may be a plate, ten of any kind a number; the shorter ones are no
# concern of anybody.
_RUN = re.compile(
    rf"[0-9A-Za-z{_SPOKEN}](?:(?<=[A-Za-z])(?:{GAP}*[0-9A-Za-z]){{4,}}|(?:{GAP}*[0-9A-Za-z{_SPOKEN}]){{9,}})"
)
_PIECES = re.compile(rf"[0-9]+|[A-Za-z]+|[{_SPOKEN}]+")
_CHECKED = "身份证号校验"
_INNER = re.compile(r"[0-9]{17}X(?![0-9])|[0-9]{10,}")
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_BEFORE_PLATE = re.compile(rf"(?:WJ{GAP}*)?[{_PROVINCE}军]{GAP}*\Z", re.IGNORECASE)
_PLATE = re.compile(
    r"[A-Z](?=[A-Z]*[0-9])[0-9A-Z]{5}|[A-Z][DF][0-9A-Z][0-9]{4}|[A-Z][0-9]{5}[DF]|[0-9]{4,5}[0-9A-Z]"
)
_SHORT_PLATE = re.compile(r"[A-Z](?=[A-Z]*[0-9])[0-9A-Z]{4}")
_PLATE_TAIL = re.compile(rf"{GAP}*[挂学警港澳领]")
_MOBILE = re.compile(r"(?:0|86|0086)?1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:010|02[0-9]|0[3-9][0-9]{2})[2-9][0-9]{6,7}|[48]00[0-9]{7}")
_ISSUER = re.compile(r"62|4|5[1-5]|35|3[47]|60|9558|9559|2[2-7]")
_MOMENT = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
# What a number of an office looks like: said so, or standing between a bracketed year and 号.
_OFFICIAL = re.compile(
    r"(?:编号|(?<!身份)证号|许可证|注册号|文号|案号|单号|批号|条码|条形码|流水号|备案号"
    r"|登记证|缴款码|票据|订单号|机身号|序列号)[^，。；\n]{0,6}\Z|[〕\]]\s*第?\s*\Z"
)
_OFFICER = re.compile(r"(?:执法|监督|检查)(?:人员)?证[件]?[^，。；）)\n]{0,6}\Z")
_ACCOUNT = re.compile(r"(?:账号|帐号|账户|帐户|卡号|银行卡|存折|支付宝|银行)[^，。；\n]{0,12}\Z")
_MONEY = re.compile(r"\s*(?:万|亿)?(?:元|％|%)")
_MAIL = re.compile(
    r"[0-9A-Za-z][0-9A-Za-z.+_\-]*\s*[@﹫]\s*[0-9A-Za-z][0-9A-Za-z\-]*(?:\s*\.\s*[0-9A-Za-z][0-9A-Za-z\-]*)+"
)
_AT = re.compile("[@﹫]")
# The same with gaps anywhere, ending with a domain that people have.
_APART = rf"{GAP}*"
_LOOSE_MAIL = re.compile(
    rf"[0-9A-Za-z](?:{_APART}[0-9A-Za-z+]){{0,40}}{_APART}[@﹫]{_APART}[0-9A-Za-z](?:{_APART}[0-9A-Za-z]){{0,40}}?{_APART}[.·。]"
    rf"{_APART}(?:c{_APART}o{_APART}m|c{_APART}n|n{_APART}e{_APART}t|o{_APART}r{_APART}g)(?![0-9A-Za-z])"
    rf"(?:{_APART}[.·]{_APART}c{_APART}n(?![0-9A-Za-z]))?",
    re.IGNORECASE,
)
# Numbers that only the word before them explains: the word, what its number looks like, what it is.
_PAPER, _ACCOUNTED = (
    re.compile(rf"[0-9A-Za-z](?:{GAP}*[0-9A-Za-z]){{5,29}}"),
    re.compile(rf"[0-9](?:{GAP}*[0-9]){{8,29}}"),
)
_LOCAL, _HANDLE = (
    re.compile(rf"[2-9](?:{GAP}?[0-9]){{6,7}}(?![0-9])"),
    re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-]{4,}"),
)
_WORDS = {
    **dict.fromkeys("电话 座机 固话 联系方式 手机 传真".split(), (_LOCAL, "phone", "电话号码")),
    **dict.fromkeys("微信 QQ qq 钉钉号 抖音号".split(), (_HANDLE, "phone", "社交账号")),
    **dict.fromkeys(
        "身份证 护照 通行证 居住证 居留证 军官证 士兵证 社保卡 医保卡 社会保障卡 驾驶证 残疾证"
        " 残疾人证".split(),
        (_PAPER, "id-number", "证件号码"),
    ),
    **dict.fromkeys(
        "账号 帐号 账户 帐户 卡号 存折号".split(), (_ACCOUNTED, "bank-card", "银行账号")
    ),
}
_SAID = re.compile(
    rf"(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    r"(?:件)?(?:号码|编号|账号|帐号|号)?\s*(?:为|是|[：:])?\s*(?=[0-9A-Za-z])"
)


def scan(text: str) -> Iterator[Span]:
    """Everything of this module's kinds in a plain text; passages may overlap."""
    for run in _RUN.finditer(text):
        said = run.group()
        if said.isalnum() and said.isascii():
            yield from _unbroken(text, run.start(), run.end(), said.upper())
        else:
            yield from _longest(_pieces(text, run.start(), said))
    if "@" in text or "﹫" in text:
        yield from _mails(text)


def scan_said(text: str) -> Iterator[Span]:
    """Numbers without a shape of their own, after the word that says what they are."""
    for hit in _SAID.finditer(text):
        shape, kind, rule = _WORDS[hit["word"]]
        number = shape.match(text, hit.end())
        if (
            number is None
            or hit["word"] in ("QQ", "qq")
            and text[hit.start() - 1 : hit.start()].isalnum()
            and text[hit.start() - 1].isascii()
        ):
            continue
        if shape is not _PAPER or not _OFFICER.search(text[max(0, hit.start() - 4) : hit.end()]):
            yield Span(number.start(), number.end(), kind, rule)


def _mails(text: str) -> Iterator[Span]:
    """Addresses are sought around their sign only; signs that stand close to each other share a
    stretch.
    """
    low = high = 0
    for at in [*(hit.start() for hit in _AT.finditer(text)), len(text) + 400]:
        if at - 90 > high:
            for pattern in (_MAIL, _LOOSE_MAIL) if high else ():
                for mail in pattern.finditer(text, low, high):
                    yield Span(mail.start(), mail.end(), "email", "电子邮箱")
            low = max(0, at - 90)
        high = at + 120


def _longest(found: Iterator[Span]) -> Iterator[Span]:
    """Half of a card may look like an old identity number: the longer reading is the true one, but
    for a number that checks.
    """
    top = -1
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if one.end > top or one.rule == _CHECKED:
            yield one
        top = max(top, one.end)


def _unbroken(text: str, start: int, end: int, flat: str) -> Iterator[Span]:
    """A run without gaps: the whole of it, and where it has letters the long digits within."""
    found = False
    for span in _classified(text, start, end, flat):
        found = True
        yield span
    if not found and not flat.isdigit():
        for digits in _INNER.finditer(flat):
            yield from _classified(
                text, start + digits.start(), start + digits.end(), digits.group()
            )


def _pieces(text: str, start: int, said: str) -> Iterator[Span]:
    """A run with gaps, letters or spoken digits: every stretch from the start of one piece to the
    end of another.
    """
    pieces = [(hit.start(), hit.end()) for hit in _PIECES.finditer(said)]
    plain = [said[low:high].translate(_DIGITS).upper() for low, high in pieces]
    for first, (low, _) in enumerate(pieces):
        flat = ""
        for last in range(first, len(pieces)):
            flat += plain[last]
            if len(flat) > 20 and last > first:
                break
            # A plate begins with a character of its province, and that ends a run: only the first
            # pieces can be one.
            if len(flat) > (9 if first else 4):
                yield from _classified(text, start + low, start + pieces[last][1], flat)


def _classified(text: str, start: int, end: int, flat: str) -> Iterator[Span]:
    """What `flat`, the plain characters of `text[start:end]`, is by itself, if anything."""
    size = len(flat)
    if size < 10:
        if 5 <= size <= 7 and (span := _plate(text, start, end, flat)):
            yield span
        return
    if size == 18:
        if is_id(flat):
            yield Span(start, end, "id-number", _CHECKED)
            return
        if is_uscc(flat):
            personal = flat[:2] == "92"
            yield Span(
                start,
                end,
                "personal-uscc" if personal else "organisation-code",
                "个体工商户代码" if personal else "单位代码",
            )
            return
    if size > 19:
        yield from _long(start, end, flat)
    elif flat.isdigit() or size == 18 and flat[:17].isdigit():
        yield from _digits(text, start, end, flat)


def _digits(text: str, start: int, end: int, flat: str) -> Iterator[Span]:
    shape = _shape(flat)
    if not shape:
        return
    before = text[max(0, start - 16) : start]
    official = bool(_OFFICIAL.search(before))
    if shape == "id-number" and not official:
        yield Span(start, end, shape, "形似身份证号" if len(flat) == 18 else "十五位身份证号")
    elif not flat.isdigit() or official and _OFFICER.search(before) or _MONEY.match(text, end):
        return
    elif shape == "mobile" and not (official and text[end : end + 1] == "号"):
        yield Span(start, end, "phone", "手机号码")
    elif shape == "landline" and not official:
        yield Span(start, end, "phone", "固定电话")
    elif (
        len(flat) > 12
        and is_luhn(flat)
        and (
            _ISSUER.match(flat)
            or _ACCOUNT.search(before)
            or not official
            and not _MOMENT.match(flat)
        )
    ):
        yield Span(start, end, "bank-card", "银行卡号校验")


def _shape(flat: str) -> str:
    """What so many digits may be before anything around them is asked; "" for nothing."""
    size = len(flat)
    if size in (15, 18) and looks_like_id(flat):
        return "id-number"
    if size < 16 and _MOBILE.fullmatch(flat):
        return "mobile"
    if size < 13:
        return "landline" if _LANDLINE.fullmatch(flat) else ""
    return "card" if flat.isdigit() and is_luhn(flat) else ""


def _long(start: int, end: int, flat: str) -> Iterator[Span]:
    """Numbers written into one another, as tables lose their lines."""
    if not flat.isdigit():
        return
    if any(is_id(flat[at : at + 18]) for at in range(len(flat) - 17)):
        yield Span(start, end, "id-number", "连写的身份证号")
    elif len(flat) % 11 == 0 and all(
        _MOBILE.fullmatch(flat[at : at + 11]) for at in range(0, len(flat), 11)
    ):
        yield Span(start, end, "phone", "连写的手机号码")


def _plate(text: str, start: int, end: int, flat: str) -> Span | None:
    before = text[max(0, start - 8) : start]
    province = _BEFORE_PLATE.search(before)
    if province is None or _OFFICER.search(text[max(0, start - 16) : start]):
        return None
    began = max(0, start - 8) + province.start()
    tail = _PLATE_TAIL.match(text, end)
    if tail and _SHORT_PLATE.fullmatch(flat):
        return Span(began, tail.end(), "plate", "车牌号")
    if _PLATE.fullmatch(flat) and not re.match("[0-9A-Za-z]", text[end : end + 1]):
        return Span(
            began, tail.end() if tail and tail.group()[-1] in "挂学警" else end, "plate", "车牌号"
        )
    return None
