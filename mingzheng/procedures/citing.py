"""What a form cites in a matter that is no penalty, where the same thing rests on another article."""

from __future__ import annotations

PENALTY = "《行政处罚法》"
PAPER_118 = "国办发〔2018〕118号"
# Article of the penalty law → what says the same of every kind of matter. An article that is not
# here speaks of penalties alone and is not cited elsewhere.
ELSEWHERE = {
    "第四十二条": f"{PAPER_118} 二（三）",
    "第五十八条": f"{PAPER_118} 四",
    "第六十一条": "《民事诉讼法》第七章第二节（参照）",
}


def cited(kind: str, source: str) -> str:
    """`source` as it is cited in a matter of this kind."""
    if kind == "penalty" or not source.startswith(PENALTY):
        return source
    head, _, rest = source.partition("；")
    article = head.removeprefix(PENALTY)
    found = next((said for begins, said in ELSEWHERE.items() if article.startswith(begins)), "")
    return "；".join(filter(None, (found, rest)))
