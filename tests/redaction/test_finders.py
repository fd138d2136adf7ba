"""What must not be read is found in every spelling, and what must be read stays."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.core import clock, redaction
from mingzheng.core.redaction import Faces, Known, Policy, Span, cover, find
from mingzheng.core.regimes import shipped
from mingzheng.site.bench.decisions import SPELLINGS, Decision, Writer, decisions

REGIME = shipped().regime("national")
POLICIES = redaction.policies(REGIME, clock.today())
STRICT, SHOWN, COVERED = (
    POLICIES[name] for name in ("strict", "respondent-shown", "organisation-covered")
)
SAID = {kind.id: kind.reads for kind in redaction.kinds(REGIME, clock.today()).values()}


def said(text: str, policy: Policy = STRICT, *known: Known) -> str:
    """How the text reads in public."""
    return cover(text, find(text, policy, known), SAID)


def kinds(text: str, policy: Policy = STRICT, *known: Known) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.kind) for each in find(text, policy, known)]


def measured(texts: list[Decision]) -> tuple[Counter[str], Counter[str], float]:
    """Planted and found passages by kind, and the share of the other characters that stay
    readable.
    """
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    other = lost = 0
    for each in texts:
        covered = {
            at for span in find(each.text, STRICT, each.known) for at in range(span.start, span.end)
        }
        secret: set[int] = set()
        for passage in each.planted:
            place = set(range(passage.start, passage.end))
            planted[passage.kind] += 1
            found[passage.kind] += place <= covered
            secret |= place
        other += len(each.text) - len(secret)
        lost += len(covered - secret)
    return planted, found, 1 - lost / other


@pytest.fixture(scope="module")
def corpus() -> list[Decision]:
    return decisions(240, seed=11)


def test_recall_and_kept_text_on_hundreds_of_decisions(corpus: list[Decision]) -> None:
    planted, found, kept = measured(corpus)
    for kind in ("id-number", "phone", "bank-card", "plate", "personal-uscc", "email"):
        assert planted[kind] > 30 and found[kind] == planted[kind], kind
    assert found["name"] >= 0.98 * planted["name"] > 1000
    assert found["address"] >= 0.95 * planted["address"] > 200
    assert kept >= 0.98


def test_names_are_found_without_the_parties_too() -> None:
    planted, found, _ = measured(decisions(100, seed=12, known=False))
    assert found["name"] >= 0.95 * planted["name"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_hides_a_number(spelling: str) -> None:
    writer = Writer(5)
    for _ in range(25):
        for kind, plain in (
            ("id-number", writer.id_number()),
            ("id-number", writer.old_id()),
            ("phone", writer.phone()),
            ("phone", writer.landline()),
            ("bank-card", writer.card()),
            ("plate", writer.plate()),
            ("personal-uscc", writer.uscc("92")),
        ):
            hidden = SPELLINGS[spelling](plain, writer.rnd)
            text = f"其提供的是{hidden}，已核对。"
            got = find(text, STRICT)
            assert [each.kind for each in got] == [kind], (kind, hidden, got)
            assert got[0].start == 5 and got[0].end == 5 + len(hidden)


@pytest.mark.parametrize(
    "text",
    [
        "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "一三八一二三四五六七八",
        "①③⑧①②③④⑤⑥⑦⑧",
        "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
        "١٣٨١٢٣٤٥٦٧٨",
        "+86 138-1234-5678",
        "(138)12345678",
        "tel13812345678",
        "138​1234‌5678",
        "1381234567⒏",
        "013812345678",
        "电话：8212345",
        "微信：zhao_88x",
        "4008001234",
    ],
)
def test_other_ways_to_write_a_telephone(text: str) -> None:
    assert [kind for _, kind in kinds(f"拨打{text}联系")] == ["phone"]


def test_an_identity_number_is_one_though_it_is_also_a_card_or_a_code() -> None:
    writer, seen = Writer(3), 0
    from mingzheng.core.redaction.identifiers import is_luhn, is_uscc

    for _ in range(4000):
        number = writer.id_number()
        if number.isdigit() and is_luhn(number) or is_uscc(number):
            seen += 1
            assert [kind for _, kind in kinds(number)] == ["id-number"]
    assert seen > 50


@pytest.mark.parametrize(
    "text",
    [
        "汶市监处罚〔2026〕1号",
        "《中华人民共和国食品安全法》第一百二十六条第一款第（五）项",
        "罚款13800138000元",
        "2026年9月18日至2026-09-18 10:30",
        "批号20260918",
        "食品经营许可证编号：JY13708300012345",
        "执法人员李强（执法证号：15080211003）",
        "执法证号：鲁H12345",
        "公告已张贴，王国与高温无关，黄河路政，马路对面，白天营业，方面人员，程序合法，于是结束",
        (
            "许可条件、许多任务、余额不足、石油制品、金额巨大、陈述申辩、严重后果、何时交付、"
            "时任职务、关于印发"
        ),
        "从业人员患有国务院卫生行政部门规定的有碍食品安全疾病的",
        "登记号370830200012345",
        "汶上县市场监督管理局",
        "12345热线、12315平台",
        "库存的酒香，店内的鱼鲜，账上的米香",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert said(text) == text


def test_a_code_of_a_firm_stays_unless_the_policy_says_otherwise() -> None:
    code = Writer(1).uscc("91")
    assert said(code) == code and said(code, COVERED) == "〔代码〕"
    assert said(Writer(1).uscc("92")) == "〔代码〕"


@pytest.mark.parametrize(
    "spelled",
    ["赵铁柱", "赵 铁 柱", "赵\u200b铁\u200d柱", "赵\n铁柱", "赵·铁·柱", "赵　铁　柱", "⾚赵铁柱"],
)
def test_the_parties_are_found_in_every_spelling(spelled: str) -> None:
    assert said(f"货物归{spelled}所得", STRICT, Known("natural", "赵铁柱")).endswith("赵某所得")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("当事人：卞铁柱，男", "卞铁柱"),
        ("法定代表人欧阳明称", "欧阳明"),
        ("经营者王芳在场", "王芳"),
        ("证人马芳称", "马芳"),
        ("孔德福（男，45岁）到场", "孔德福"),
        ("当事人与柴大伟签订合同", "柴大伟"),
        ("货款转给收款人：雒小川。", "雒小川"),
        ("收款人：无。法定代表人：见附件", ""),
        ("经营者：好来超市", ""),
        ("王五妻子李四开办好吃店", "李四"),
        ("当事人张三丰餐饮有限公司", ""),
        ("系艾力·买买提所有", "艾力·买买提"),
        ("本局询问了李建国的同事", "李建国"),
        ("当事人签名：文培元", "文培元"),
    ],
)
def test_people_nobody_told_us_of(text: str, name: str) -> None:
    assert [words for words, _ in kinds(text)] == ([name] if name else [])


def test_officers_on_duty_are_named_in_every_policy() -> None:
    text = "执法人员张伟（执法证号：15080211003）、李强对赵大牛的经营场所检查"
    for policy in POLICIES.values():
        assert [words for words, _ in kinds(text, policy)] == ["赵大牛"]
    assert said("张大伟到场", STRICT, Known("natural", "张大伟", role="officer")) == "张大伟到场"


def test_whoever_stands_beside_an_officer_or_a_party_is_neither() -> None:
    assert ("赵大牛", "name") in kinds("执法人员张伟与赵大牛核对账目")
    assert kinds("当事人赵大牛与李建国签订合同", SHOWN) == [("李建国", "name")]


def test_the_respondent_may_be_shown_and_others_not() -> None:
    known = Known("natural", "赵大牛", Writer(2).id_number(), "汶上县南旺镇小楼村", "13812345678")
    text = f"当事人赵大牛，身份证号{known.identifier}，住汶上县南旺镇小楼村，电话13812345678，证人王芳。"
    assert (
        said(text, SHOWN, known)
        == "当事人赵大牛，身份证号〔证件号码〕，住汶上县〔住址〕，电话〔电话〕，证人王某。"
    )


def test_a_shown_respondent_stays_shown_where_no_word_announces_them() -> None:
    known = (
        Known("natural", "赵大牛"),
        Known("natural", "艾力·买买提"),
        Known("natural", "李建国", role="interested"),
    )
    assert (
        said("赵大牛、艾力·买买提将货物卖给李建国", SHOWN, *known)
        == "赵大牛、艾力·买买提将货物卖给李某"
    )
    assert said("举报人赵大牛反映", SHOWN, *known) == "举报人〔举报人〕反映"


def test_children_informants_health_and_property() -> None:
    assert kinds("孙小美（女，12岁）就读于汶上县第一小学三年级，孙小美称") == [
        ("孙小美", "minor"),
        ("汶上县第一小学三年级", "minor"),
        ("孙小美", "minor"),
    ]
    assert kinds("举报人周杰反映，周杰购买") == [("周杰", "informant"), ("周杰", "informant")]
    assert kinds("其患有先天性心脏病，账户余额为35000元") == [
        ("患有先天性心脏病", "health"),
        ("账户余额为35000元", "property"),
    ]
    assert kinds("房产证号：鲁（2026）汶上县不动产权第0001234号")[0][1] == "property"


def test_a_marked_secret_is_covered_to_its_end_even_without_one() -> None:
    assert said("配方【商业秘密】甲三\n乙七【/商业秘密】如上") == "配方〔商业秘密〕如上"
    assert said("配方【商业秘密】甲三乙七") == "配方〔商业秘密〕"
    assert said("含焦糖色三克。", STRICT, Known("trade-secret", "焦糖色三克")) == "含〔商业秘密〕。"


def test_the_county_stays_and_the_seat_of_a_firm_too() -> None:
    assert (
        said("住山东省济宁市汶上县中都街道尚书路18号3单元501室。")
        == "住山东省济宁市汶上县〔住址〕。"
    )
    firm = Known("organisation", "汶上县好来食品有限公司", address="汶上县尚书路18号")
    assert (
        said("汶上县好来食品有限公司，住所：汶上县尚书路18号。", STRICT, firm)
        == "汶上县好来食品有限公司，住所：汶上县尚书路18号。"
    )
    assert said("汶上县好来食品有限公司被罚", COVERED, firm) == "〔单位名称〕被罚"


def test_two_of_one_surname_are_told_apart_and_read_the_same_everywhere() -> None:
    assert (
        said("证人赵大牛、赵铁柱在场，赵大牛称赵铁柱知情")
        == "证人赵某1、赵某2在场，赵某1称赵某2知情"
    )
    assert said("证人欧阳明、欧阳春在场") == "证人欧阳某1、欧阳某2在场"
    parts = ["证人赵大牛在场", "证人赵铁柱在场"]
    faces = Faces.of([(text, find(text, STRICT)) for text in parts], SAID)
    assert [cover(text, find(text, STRICT), SAID, faces) for text in parts] == [
        "证人赵某1在场",
        "证人赵某2在场",
    ]


def test_overlapping_passages_leave_nothing() -> None:
    known = (
        Known("natural", "赵大牛", address="汶上县赵大牛庄3号"),
        Known("trade-secret", "大牛庄3号"),
    )
    assert said("在赵大牛庄3号内", STRICT, *known) == "在〔商业秘密〕内"


def test_covered_text_has_nothing_more_to_find(corpus: list[Decision]) -> None:
    for each in corpus[:80]:
        for policy in POLICIES.values():
            again = find(text := said(each.text, policy, *each.known), policy, each.known)
            assert not again, [text[max(0, span.start - 9) : span.end + 9] for span in again]


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            (
                "当事人：赵铁柱",
                "13812345678",
                "１３８",
                " ",
                "\u200b",
                "〔电话〕",
                "住汶上县南旺镇小楼村",
                "张三丰",
                "①⑩",
                "鲁H12345",
                "【商业秘密】",
                "@qq.com",
                "，",
            )
        ),
        st.text(max_size=12),
    ),
    max_size=8,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_offsets_hold_and_nothing_of_a_passage_is_left(text: str) -> None:
    spans = find(text, COVERED, (Known("natural", "赵铁柱"),))
    assert all(0 <= each.start < each.end <= len(text) for each in spans)
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
    marked = cover(text, spans, dict.fromkeys(SAID, "\x01"))
    rest = [
        text[a:b]
        for a, b in zip(
            [0, *(each.end for each in spans)],
            [*(each.start for each in spans), len(text)],
            strict=True,
        )
    ]
    assert marked == "\x01".join(rest)


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(sorted(SPELLINGS)),
    st.text(alphabet="的在，。货物\n", max_size=6),
)
def test_a_number_is_found_wherever_it_stands(seed: int, spelling: str, around: str) -> None:
    number = Writer(seed).id_number()
    text = f"{around}{SPELLINGS[spelling](number, random.Random(seed))}{around}"
    assert any(
        each.kind == "id-number" and each.end - each.start >= len(number)
        for each in find(text, STRICT)
    )


def test_cover_takes_spans_in_any_order_and_says_something_for_an_unknown_kind() -> None:
    assert (
        cover("甲乙丙丁", [Span(2, 3, "new", ""), Span(0, 1, "phone", "")], {"phone": "※"})
        == "※乙〔已遮盖〕丁"
    )
