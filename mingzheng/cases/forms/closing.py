"""Forms: the end of a matter."""

from __future__ import annotations

from mingzheng.procedures.forms import ActForm, choice, long_text
from mingzheng.procedures.registry import asks


@asks("case.closed")
class CloseForm(ActForm):
    """结案."""

    keeps = ("way", "text")
    closes = True

    way = choice(
        "结案方式",
        [
            ("normal", "正常结案"),
            ("no-penalty", "不予处罚结案"),
            ("revoked", "处罚决定被撤销"),
            ("court", "已申请法院强制执行"),
        ],
        radio=False,
    )
    text = long_text("执行情况和结案意见", rows=3)


@asks("case.closed:licence")
class CompleteForm(ActForm):
    """办结."""

    keeps = ("text",)
    closes = True

    text = long_text("办结情况", rows=2)
