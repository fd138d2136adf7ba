"""A form cites the law of its own matter."""

import pytest

from mingzheng.procedures.citing import cited


@pytest.mark.parametrize(
    "kind,source,said",
    [
        ("penalty", "《行政处罚法》第五十八条", "《行政处罚法》第五十八条"),
        ("licence", "《行政处罚法》第五十八条", "国办发〔2018〕118号 四"),
        (
            "licence",
            "《行政处罚法》第六十四条第八项；《行政强制法》第十八条",
            "《行政强制法》第十八条",
        ),
        ("levy", "《行政处罚法》第六十三条", ""),
        ("licence", "《行政许可法》第四十七条", "《行政许可法》第四十七条"),
    ],
)
def test_another_kind_of_matter_does_not_cite_the_law_on_penalties(
    kind: str, source: str, said: str
) -> None:
    assert cited(kind, source) == said
