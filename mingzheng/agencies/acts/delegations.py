"""Standing in for somebody, and taking it back. Acts on the agency's own affairs."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from mingzheng.agencies import policy
from mingzheng.agencies.acts import affairs
from mingzheng.agencies.models import Agency, Delegation, Person, Post
from mingzheng.agencies.separation import ADMINS, LAW, LENDABLE, SECURITY
from mingzheng.core import clock
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work
from mingzheng.records.words import role_name

TITLE = "不能委托代理"


def delegate(
    agency: Agency, by: Actor, taker: Person, roles: list[str], since: date, until: date
) -> Delegation:
    """《公务员法》: stand in for some days; never for one's own requests, and never lent on."""
    lent = sorted(_own(by, roles))
    longest = timedelta(days=policy.read("post")["ahead_days"])
    if until > clock.today() + longest:
        raise refuse(f"一次代理最长到 {longest.days} 天以后。", title=TITLE, field="until")
    if until < since or since < clock.today():
        raise refuse("起止日期不对：从今天或者以后起，止日不早于起日。", title=TITLE, field="until")
    if taker.pk == by.person_id:
        raise refuse("不能委托给自己，请选另一个人。", title=TITLE, field="taker")
    _fit_to_take(agency, by, taker, lent, since, until)
    with work():
        record = affairs(agency)
        _holds_until(agency, by, lent, until)
        act = record_acts.append(
            record,
            by,
            Entry(
                kind="delegation.made",
                subject=str(taker.pk),
                content={"roles": lent, "since": since, "until": until},
            ),
        )
        return Delegation.objects.create(
            agency=agency,
            giver_id=by.person_id,
            taker=taker,
            roles=lent,
            since=since,
            until=until,
            act=act,
        )


def _own(by: Actor, roles: list[str]) -> set[str]:
    if on := set(roles) & by.lent:
        names = "、".join(role_name(role) for role in sorted(on))
        raise refuse(
            f"{names}是别人委托给您的，不能再委托出去；请由本人另行委托。",
            "代行的职责不得转委托",
            title=TITLE,
        )
    own = set(roles) & (by.roles - by.lent) & LENDABLE
    if not own:
        raise refuse("只能把自己有的职责委托给别人，并写明起止日期。", title=TITLE)
    return own


def _held(agency: Agency, person_id: int, since: date, until: date) -> list[Post]:
    """His posts that reach into these days."""
    running = Post.objects.filter(person=person_id, since__lte=until)
    return list(running.filter(Q(until=None) | Q(until__gte=since)).select_related("agency"))


def _fit_to_take(
    agency: Agency, by: Actor, taker: Person, lent: list[str], since: date, until: date
) -> None:
    posts = _held(agency, taker.pk, since, until)
    if not any(post.agency_id == agency.pk for post in posts):
        raise refuse(f"{taker.name}这几天不在本机关任职，不能代理。", title=TITLE, field="taker")
    if any(set(post.roles) & ADMINS for post in posts):
        raise refuse(
            f"{taker.name}是系统、安全或者审计管理员，不能代行办案、审批的职责。",
            LAW,
            title=TITLE,
            field="taker",
        )
    if "unit-head" in lent and by.unit_id not in {post.unit_id for post in posts}:
        raise refuse(
            f"承办机构负责人的职责只能由本科室的人代理，{taker.name}不在您的科室。",
            title=TITLE,
            field="taker",
        )


def _holds_until(agency: Agency, by: Actor, roles: list[str], until: date) -> None:
    """What is lent ends with the lender's own post, and he is told so before."""
    ends = [
        post.until
        for post in _held(agency, by.person_id, clock.today(), until)
        if post.agency_id == agency.pk and set(roles) & set(post.roles)
    ]
    if ends and all(end is not None and end < until for end in ends):
        last = max(end for end in ends if end is not None)
        raise refuse(
            f"您的职务到{last:%Y年%-m月%-d日}为止，委托不能比它长。", title=TITLE, field="until"
        )


def revoke(agency: Agency, by: Actor, delegation: Delegation, reason: str = "") -> Act:
    """《公务员法》: whoever lent it takes it back at any time; so do the head and the security
    administrator.
    """
    if by.agency_id != agency.pk or not (
        by.person_id == delegation.giver_id or (by.roles - by.lent) & {"head", SECURITY}
    ):
        raise refuse(
            "收回代理由委托人本人、主要负责人或者安全管理员办理。", title="您不能办理这一步"
        )
    with work():
        record = affairs(agency)
        row = (
            Delegation.objects.select_for_update()
            .filter(pk=delegation.pk, agency=agency, revoked_by=None)
            .first()
        )
        if row is None or row.until < clock.today():
            raise refuse("这项代理已经结束，不用再收回。", title="不能收回")
        act = record_acts.append(
            record,
            by,
            Entry(
                kind="delegation.revoked",
                subject=str(row.taker_id),
                content={
                    "roles": row.roles,
                    "since": row.since,
                    "until": row.until,
                    "giver": row.giver_id,
                    "reason": reason[:200],
                },
            ),
        )
        row.revoked_by = act
        row.save(update_fields=["revoked_by"])
        return act
