"""SC2: an association that no longer works is struck off; the whole story with what must not pass
on the way.
"""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.disclosure.models import ChannelReceipt, Publication
from mingzheng.records.models import Act
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import turns
from tests.cases.telling import MAJOR, case, refused, state
from tests.clause import clause

STORY = {
    **MAJOR,
    "judged": {"major_rights": "yes", "social_impact": "yes"},
    "hearing": "held",
    "penalties": ["其他"],
    "other": "撤销登记，收缴登记证书和印章",
}


@clause("LM-2", "LM-3.2.2", "LM-1.4")
@pytest.mark.sql
def test_an_association_is_struck_off_heard_reviewed_discussed_published_and_the_decision_revoked(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies, "lm", "st-30", **STORY)
    met = []
    for stage, words in (("noticed", "听证"), ("heard", "法制审核")):
        journey.go(stage) if not met else journey.heard()
        met.append(refused(journey, "decision.made:penalty"))
        assert words in met[-1]
    journey.reviewed()
    for stage in ("decided", "served", "published"):
        getattr(journey, stage)()
    turns.revoked(journey)
    found = Publication.objects.get(record=journey.play.record)
    assert found.state == Publication.WITHDRAWN and "撤" in found.reason
    down = ChannelReceipt.objects.filter(publication=found, down=True).values_list(
        "channel", flat=True
    )
    up = ChannelReceipt.objects.filter(publication=found, down=False).values_list(
        "channel", flat=True
    )
    assert set(down) == set(up)
    kinds = list(
        Act.objects.filter(record=journey.play.record).order_by("pk").values_list("kind", flat=True)
    )
    order = [
        "source.registered",
        "case.opened",
        "officer.identified",
        "investigation.ended",
        "draft.made",
        "hearing.requested",
        "hearing.held",
        "hearing.reported",
        "review.submitted",
        "review.passed",
        "discussion.held",
        "decision.made",
        "decision.served",
        "publication.approved",
        "publication.published",
        "decision.revoked",
        "publication.withdrawn",
    ]
    assert [kinds.index(kind) for kind in order] == sorted(kinds.index(kind) for kind in order)
    assert state(journey) in ("served", "executed", "closed")
    assert list(verify_all()) == []
