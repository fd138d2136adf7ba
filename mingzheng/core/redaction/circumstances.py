"""Health, money and property of a person, and what a firm marked as its secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingzheng.core.redaction.spans import Span

_ILL = (
    r"[^，。；、\n的等〔]{0,14}?(?:病|症|炎|癌|瘤|综合征|骨折|感染|障碍|瘫痪|中风|高血压"
    r"|艾滋|乙肝|梅毒|抑郁|脑梗死?|心梗|脑出血|残疾|妊娠|怀孕|流产|结核|中毒)"
)
_HEALTH = re.compile(
    rf"患有?{_ILL}|罹患{_ILL}|确诊[为患]?[：:]?{_ILL}|诊断(?:结果)?(?:为|[：:])\s*[^，。"
    r"；\n〔]{2,24}|病(?:史|情)(?:为|[：:])\s*[^，。；\n〔]{2,24}"
    r"|既往病?史[：:]?\s*[^，。"
    r"；\n〔]{2,24}|血型(?:为|[：:])\s*[ABO]{1,2}型?|残疾(?:等级|程度)?(?:为|[：:])?\s*[一二三四]级"
    r"|肢体残疾(?:（?[一二三四]级）?|人)|视力残疾(?:（?[一二三四]级）?|人)|听力残疾(?:（?[一二三四]级）?|人)|智力残疾(?:（?[一二三四]级）?|人)"
    r"|精神残疾(?:（?[一二三四]级）?|人)|HIV(?:阳性|携带者?|感染者?)|艾滋病(?:患者|感染者?)|怀孕[0-9一二三四五六七八九十]+(?:个月|周)"
)
_LAWFUL = re.compile("国务院|规定|有碍|职业病|动物|疫")
_SUM = r"(?:为|共|[：:])?\s*(?:人民币)?\s*[0-9][0-9,.]*\s*万?元?"
_WORTH = re.compile(
    rf"账[户号](?:内|中)?的?余额{_SUM}|帐[户号](?:内|中)?的?余额{_SUM}|卡内余额{_SUM}|存款(?:余额|金额)?(?:为|[：:])\s*(?:人民币)?\s*[0-9][0-9,.]*\s*万?元?"
    rf"|家庭(?:年|月)?(?:存款|财产|总?资产|收入){_SUM}"
    r"|(?:不动产权证?书?|房产证|房屋所有权证|房屋产权证|宅基地使用证|土地使用权?证)"
    r"(?:编号|证号|号码|号)?(?:为|是|[：:])?\s*[^\s，。"
    r"；\n〔：:为是]{0,12}?第?[0-9A-Za-z][0-9A-Za-z\-]{3,}号?"
)
_DEED = re.compile(
    r"[（(〔\[]?[0-9]{4}[）)〕\]]?[\u3400-\u9fff]{1,8}不动产权第\s*[0-9]{4,}\s*号"
    r"|[\u3400-\u9fff]房权证[\u3400-\u9fff0-9]{1,10}字?第?\s*[0-9]{3,}\s*号"
)
_OPEN, _SHUT = r"[【\[〖《]\s*", r"\s*[】\]〗》]"
_SECRET = re.compile(
    rf"{_OPEN}商业秘密{_SHUT}.*?(?:{_OPEN}/\s*商业秘密{_SHUT}|{_OPEN}商业秘密(?:结束|完){_SHUT}|\Z)",
    re.DOTALL,
)

# Most texts hold none of these and need no closer look.
_ILL_WORDS = ("患", "确诊", "诊断", "病史", "病情", "血型", "残疾", "HIV", "艾滋", "怀孕")
_WORTH_WORDS = ("余额", "存款", "家庭", "权证", "产证", "使用证", "权第")


def scan(text: str) -> Iterator[Span]:
    """Health, property and marked secrets in a plain text; a secret whose closing mark is missing
    runs to the end.
    """
    for hit in _HEALTH.finditer(text) if _told(text, _ILL_WORDS) else ():
        if not _LAWFUL.search(hit.group()):
            yield Span(hit.start(), hit.end(), "health", "健康信息")
    for pattern in (_WORTH, _DEED) if _told(text, _WORTH_WORDS) else ():
        for hit in pattern.finditer(text):
            yield Span(hit.start(), hit.end(), "property", "财产信息")
    if "商业秘密" in text:
        for hit in _SECRET.finditer(text):
            yield Span(hit.start(), hit.end(), "trade-secret", "标明的商业秘密")


def _told(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)
