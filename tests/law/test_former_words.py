"""A word of the rules that was split since: packs adopted before still load, keep their version,
and mean everything that the word became.
"""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from mingzheng.core.regimes import History, PastAct
from mingzheng.core.regimes.faults import PackFaults
from mingzheng.core.regimes.library import load_texts
from mingzheng.core.regimes.reading import fingerprint
from tests.law.asking import CALENDAR

PACK = """
[pack]
id = "earlier"
title = "本机关规定（示例）"
rank = "normative-document"
[scope]
kinds = ["penalty", "{word}"]
open = false
source = "第三条"
[[gate]]
id = "E/heard"
topic = "heard"
before = "decision.made"
when = {{ kind = ["licence", "{word}"] }}
needs = ["statement.heard"]
source = "第四条"
text = "先听取意见"
[[gate]]
id = "E/not"
topic = "closing"
before = "case.closed"
when = {{ kind = {{ not = "{word}" }} }}
needs = ["decision.made"]
source = "第五条"
text = "先作出决定"
"""


@pytest.mark.parametrize("kind", ["levy", "requisition"])
def test_an_earlier_pack_means_both_kinds(kind: str) -> None:
    regime = load_texts({"a.toml": PACK.format(word="expropriation")}).regime("earlier")
    assert regime.allows(kind)[0] and not regime.allows("licence")[0]
    asked = {"kind": kind, "of": ""}
    refused = regime.refusals("decision.made", date(2026, 4, 7), asked, History([]), CALENDAR)
    assert "E/heard" in [each.gate for each in refused]
    heard = History([PastAct(act="statement.heard", on=date(2026, 4, 6))])
    assert not regime.refusals("decision.made", date(2026, 4, 7), asked, heard, CALENDAR)
    assert not regime.refusals("case.closed", date(2026, 4, 7), asked, History([]), CALENDAR)


def test_the_version_of_an_adopted_pack_is_that_of_its_own_text() -> None:
    text = PACK.format(word="expropriation")
    assert load_texts({"a.toml": text}).packs["earlier"].version == fingerprint(
        [tomllib.loads(text)]
    )


def test_a_word_that_never_was_is_still_a_fault() -> None:
    with pytest.raises(PackFaults, match="taxing"):
        load_texts({"a.toml": PACK.format(word="taxing")})
