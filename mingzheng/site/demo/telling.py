"""What the public told the agencies, and a decision that was put right because somebody asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mingzheng.agencies.models import Agency, Post
from mingzheng.core import clock
from mingzheng.disclosure.access import channels_up
from mingzheng.disclosure.acts.correcting import requested
from mingzheng.disclosure.models import Publication
from mingzheng.oversight.acts.intake import receive
from mingzheng.oversight.models import Feedback
from mingzheng.procedures import acts as procedure_acts
from mingzheng.records.models import Record
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at, back, form_data, who

# (agency, kind, working days ago, text, answer or none)
TOLD = (
    (
        "wg",
        "advice",
        6,
        "节能审查需要准备哪些材料？",
        "请看服务指南，材料清单和示范文本都在上面；也可以到窗口领取。",
    ),
    (
        "wg",
        "complaint",
        4,
        "窗口没有一次告知要补的材料，跑了两趟。",
        "已核实，窗口人员当面致歉，今后一次性告知。",
    ),
    ("wg", "complaint", 1, "检查人员没有说明检查事由。", ""),
    ("lm", "advice", 2, "养老机构备案怎么办？", ""),
    ("lx", "report", 1, "有人反映督查事项整改不实（示例）。", ""),
    ("cx", "advice", 3, "网上信访办到哪一步怎么查？", "凭编号和查询码在本平台“查办理情况”里查。"),
)
NUMBER = len(TOLD)


def holder(agency: Agency, *roles: str) -> str:
    """Somebody who holds the first of these roles that anybody holds."""
    posts = list(Post.objects.filter(agency=agency).select_related("person").order_by("pk"))
    return next(post.person.name for role in roles for post in posts if role in post.roles)


def step(agency: Agency, name: str, record: Record, key: str, **answers: Any) -> None:
    """A step on what was told."""
    record.refresh_from_db()
    procedure_acts.take_step(
        who(agency, name),
        record.pk,
        key,
        form_data(answers),
        form_key=f"told-{record.pk}-{record.head}",
    )


def play(made: dict[str, Agency]) -> Iterator[None]:
    """Each of them, some answered and some waiting."""
    for code, kind, ago, text, answer in TOLD:
        body = made[code]
        with at(back(ago), 9):
            told = receive(body, kind, {"text": text, "correct": "", "name": "孙某", "contact": ""})
        if answer:
            sorter = holder(body, "publisher", "legal-reviewer", "deputy-head", "head")
            with at(back(ago - 1), 10):
                step(
                    body,
                    sorter,
                    told.record,
                    "complaint.accepted",
                    unit=str(body.units.earliest("pk").pk),
                )
            with at(back(ago - 2), 15):
                step(body, sorter, told.record, "complaint.answered", answer=answer)
        yield


def corrected(journey: Journey) -> None:
    """Somebody asks; it is verified, put right on every channel, answered, and the cause is
    traced.
    """
    play, body = journey.play, journey.body
    live = Publication.objects.get(record=play.record, state=Publication.LIVE)
    with at(journey.forward(1), 10):
        told = receive(
            body,
            Feedback.CORRECTION,
            {
                "text": "公示的事实部分少写了一句责令改正的情况。",
                "correct": "",
                "name": "",
                "contact": "",
            },
            play.record,
            live.code,
        )
        requested(live, told.number)
    chief = holder(body, "unit-head")
    with at(journey.forward(1), 9):
        step(
            body,
            chief,
            told.record,
            "correction.verified",
            finding="wrong",
            text="经核对决定书，公示稿确有遗漏。",
        )
    words = json.loads(live.body)["facts"]
    with at(journey.day, 10):
        play.propose(amended=f"{words[-6:]} → {words[-6:].rstrip('。')}，责令改正情况见决定书。")
        play.step("publication.approved")
    with at(journey.day, 11):
        play.approve()
    receipts = {
        f"receipt-{channel}": f"G{journey.day:%Y%m%d}"
        for channel in channels_up(live)
        if channel != "own-site"
    }
    with at(journey.day, 14):
        play.step("publication.corrected", reason="事实部分漏写一句，已按决定书补上。", **receipts)
    with at(journey.day, 15):
        step(body, chief, told.record, "correction.answered", answer="已按决定书更正，谢谢指出。")
    with at(journey.forward(1), 9):
        step(
            body,
            chief,
            told.record,
            "cause.traced",
            cause="entry",
            unit=str(play.record.unit_id),
            accountable="no",
            text="录入时漏字。今后公示稿由两人对照决定书核对。",
        )
    assert journey.day <= clock.today()
