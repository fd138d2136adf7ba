"""A suspected crime goes to the police."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.papers import base, paper
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act


@paper("transfer-letter", "涉嫌犯罪案件移送书", "移", "letter", sealed=True)
def transfer_letter(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政执法机关移送涉嫌犯罪案件的规定》第六条: the case and its papers."""
    data = context.data
    return {
        **base(context),
        "to": data["to"],
        "lead": [
            f"本机关在办理“{context.record.title}”一案中发现，{data['reason']}",
            (
                f"该行为涉嫌{data['suspected']}。依照《中华人民共和国行政处罚法》第二十七条的规定，"
                "现将该案移送你单位处理。"
            ),
        ],
        "table": {
            "head": ["序号", "随案移送材料"],
            "rows": [
                [str(index), line]
                for index, line in enumerate(data["materials"].splitlines(), 1)
                if line.strip()
            ],
        },
        "elements": {},
    }
