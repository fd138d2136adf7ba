"""The life of an account: opened, given roles, closed, opened again, unlocked, reset.

Acts on the agency's own affairs. The system administrator opens and closes, the security
administrator gives roles and lifts locks, and what would leave nobody in charge, or hand somebody
else's account over, takes two of them. `by` is nobody where the operator of the machine acts by
command; then the act says who that was.
"""

from __future__ import annotations

import getpass
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import is_password_usable, make_password
from django.db import IntegrityError
from django.db.models import F, Q
from django.utils import timezone

from mingzheng.agencies import acts as agency_acts
from mingzheng.agencies import passwords, policy, separation
from mingzheng.agencies.acts import affairs, attempts, sittings
from mingzheng.agencies.models import (
    Account,
    Agency,
    Handler,
    OneTimeCode,
    PastPassword,
    Person,
    Post,
    TwoHands,
    Unit,
)
from mingzheng.agencies.separation import ADMINS, LAW, SECURITY, SYSTEM
from mingzheng.core import clock, legible
from mingzheng.core.regimes import vocabulary
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act
from mingzheng.records.refusal import Ground, Refused, refuse
from mingzheng.records.unit import work
from mingzheng.records.words import role_name

# Two accounts are never told apart by capitals or width alone.
LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")
# Letters, marks, and characters of private use, with which old name databases wrote rare names.
LETTERS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Co"}
IN_NAMES = "·•・．.-' ’་"
NOT_YOURS = "您不能办理这一步"


def _administer(by: Actor | None, roles: set[str], agency: Agency) -> None:
    """By one of these administrators of this agency, or by the operator of the machine."""
    if by is not None and (by.agency_id != agency.pk or not roles & (by.roles - by.lent)):
        raise refuse("这件事由另一名管理员办理，三员互不替代。", LAW, title=NOT_YOURS)


def _not_himself(by: Actor | None, person_id: int) -> None:
    if by is not None and by.person_id == person_id:
        raise refuse("不能办理自己的账号，请由其他管理员办理。", LAW, title=NOT_YOURS)


def _entry(by: Actor | None, kind: str, subject: object, content: dict[str, Any]) -> Entry:
    operator = {} if by is not None else {"operator": getpass.getuser()}
    return Entry(kind=kind, subject=str(subject), content={**content, **operator})


def _name(text: str, title: str) -> str:
    """A name as it stands in papers: letters of any script, with the marks that names have."""
    name = unicodedata.normalize("NFC", legible.shown(text)).strip()
    wrong = [
        char for char in name if char not in IN_NAMES and unicodedata.category(char) not in LETTERS
    ]
    if wrong:
        raise refuse(f"姓名里不能有“{wrong[0]}”。", title=title, field="name")
    if name and (legible.blank(name) or not unicodedata.category(name[0]).startswith(("L", "Co"))):
        raise refuse("姓名要以文字开头。", title=title, field="name")
    letters = (char for char in name if unicodedata.category(char) not in ("Mn", "Mc"))
    if any(legible.blank(char) for char in letters if char not in IN_NAMES):
        raise refuse("姓名里有看不见的字符，请重新输入。", title=title, field="name")
    if len(name) > 40:
        raise refuse("姓名不超过 40 个字。", title=title, field="name")
    return name


def rename(agency: Agency, by: Actor | None, person: Person, name: str, reason: str) -> Act:
    """《网络安全法》第二十一条: the name of a person is put right, or was changed by law; what was done
    under the earlier one keeps it.
    """
    _administer(by, {SYSTEM}, agency)
    _not_himself(by, person.pk)
    name = _name(name, "没有更正姓名")
    if not name or name == person.name:
        raise refuse("请填写正确的姓名，和现在的不同。", title="没有更正姓名", field="name")
    if not reason.strip():
        raise refuse("请写明原因，比如录入有误、已依法更名。", title="没有更正姓名", field="reason")
    with work():
        record = affairs(agency)
        content = {"name": name, "earlier": person.name, "reason": reason.strip()[:200]}
        act = record_acts.append(record, by, _entry(by, "account.renamed", person.pk, content))
        Person.objects.filter(pk=person.pk).update(name=name)
        return act


def current_posts(agency: Agency, person_id: int) -> list[Post]:
    """His posts here that run today or begin later."""
    return list(
        Post.objects.filter(agency=agency, person=person_id)
        .filter(Q(until=None) | Q(until__gte=clock.today()))
        .select_related("unit", "person")
        .order_by("pk")
    )


def open_for(
    agency: Agency,
    by: Actor | None,
    name: str,
    login: str,
    unit: Unit,
    title: str,
    qualification: str = "",
) -> tuple[Account, str]:
    """《网络安全法》第二十一条: one account a person, without a password and without roles; answers
    the code with which he chooses his own.
    """
    _administer(by, {SYSTEM}, agency)
    name, title = _name(name, "没有开户"), title.strip()
    login = unicodedata.normalize("NFKC", login).strip().lower()
    if not name or not login or not title or unit.agency_id != agency.pk:
        raise refuse("请填写姓名、账号、科室、职务。", title="没有开户")
    if len(title) > 60:
        raise refuse("职务不超过 60 个字。", title="没有开户", field="title")
    if not LOGIN.fullmatch(login):
        raise refuse(
            "账号用 2 到 60 个小写字母、数字、点、横线、@，以字母或者数字开头。",
            title="没有开户",
            field="login",
        )
    with work():
        record = affairs(agency)
        person = Person.objects.create(name=name, legal_qualification=qualification.strip()[:40])
        Post.objects.create(
            person=person, agency=agency, unit=unit, title=title, roles=[], since=clock.today()
        )
        try:
            with work():
                account = Account.objects.create(
                    login=login, person=person, password=make_password(None), must_change=True
                )
        except IntegrityError as error:
            raise refuse(
                f"账号“{login}”已经有人用了，请换一个。", title="没有开户", field="login"
            ) from error
        content = {"name": name, "login": login, "unit": unit.name, "title": title}
        act = record_acts.append(record, by, _entry(by, "account.opened", person.pk, content))
        return account, _code(account, act, policy.read("code")["first_hours"])


def open_many(
    agency: Agency, by: Actor | None, rows: Iterable[tuple[int, Mapping[str, Any]]]
) -> list[tuple[Account, str]]:
    """《网络安全法》第二十一条: the accounts of a list, all or none; `rows` are numbers and what each
    says of name, login, unit and title. Answers each account with its code; Refused with every row
    that cannot be taken.
    """
    units = {unit.name: unit for unit in agency.units.all()}
    made: list[tuple[Account, str]] = []
    wrong: list[Ground] = []
    with work():
        for number, said in rows:
            unit = units.get(str(said["unit"]))
            if unit is None:
                wrong.append(Ground(f"第 {number} 行：本机关没有科室“{said['unit']}”"))
                continue
            try:
                made.append(
                    open_for(
                        agency,
                        by,
                        str(said["name"]),
                        str(said["login"]),
                        unit,
                        str(said["title"]),
                        str(said.get("qualification") or ""),
                    )
                )
            except Refused as error:
                wrong += [Ground(f"第 {number} 行：{each.say}") for each in error.grounds]
        if wrong:
            raise Refused("没有开户，一个也没有开", tuple(wrong[:50]))
        if not made:
            raise refuse("表里没有人。请从第二行起一行写一个人。", title="没有开户")
        return made


def _code(account: Account, act: Act | None, hours: int) -> str:
    """A code that was never given before; those given earlier are worthless from now on."""
    now, made = timezone.now(), passwords.code()
    OneTimeCode.objects.filter(account=account, used_at=None).update(used_at=now)
    OneTimeCode.objects.create(
        account=account,
        digest=passwords.digest(made),
        made_at=now,
        expires_at=now + timedelta(hours=hours),
        act=act,
    )
    return made


def give_code(agency: Agency, by: Actor | None, account: Account) -> str:
    """《网络安全法》第二十一条: another first code, where the person never chose a password."""
    _administer(by, {SYSTEM}, agency)
    _not_himself(by, account.person_id)
    if is_password_usable(account.password):
        raise refuse(
            "这个账号已经有密码。忘记密码的，由系统管理员和安全管理员两人办理重置。",
            LAW,
            title="没有发出代码",
        )
    with work():
        record = affairs(agency)
        act = record_acts.append(
            record, by, _entry(by, "account.code-given", account.person_id, {})
        )
        return _code(account, act, policy.read("code")["first_hours"])


def appoint(
    agency: Agency,
    by: Actor | None,
    person: Person,
    unit: Unit,
    title: str,
    roles: list[str],
    since: date | None = None,
) -> Post:
    """《公务员法》: a person takes a post with these roles; the security administrator gives them,
    never to himself, and never what the three administrators must not have.
    """
    _administer(by, {SECURITY}, agency)
    _not_himself(by, person.pk)
    title, roles, since = title.strip()[:60], sorted(set(roles)), since or clock.today()
    if not title or unit.agency_id != agency.pk:
        raise refuse("请选择科室，填写职务。", title="没有任职")
    ahead = timedelta(days=policy.read("post")["ahead_days"])
    if by is not None and not clock.today() <= since <= clock.today() + ahead:
        raise refuse(
            f"任职从今天到 {ahead.days} 天以内开始，不能倒签。", title="没有任职", field="since"
        )
    if unknown := set(roles) - set(vocabulary().roles):
        raise refuse(f"不认识的角色：{'、'.join(sorted(unknown))}。", title="没有任职")
    with work():
        record = affairs(agency)
        held = set(roles)
        for post in _running(person, since):
            if held & ADMINS or set(post.roles) & ADMINS:
                held |= set(post.roles)
        if said := separation.clash(held):
            raise refuse(said, LAW, title="没有任职", field="role")
        if held & ADMINS and _stands_in(person, since):
            raise refuse(
                f"{person.name}正在代行别人的职责，收回代理以后才能担任管理员。",
                LAW,
                title="没有任职",
            )
        # The post without roles that he was opened with has done its part.
        for placed in _running(person, since):
            if not placed.roles and placed.agency_id == agency.pk and roles:
                _end(agency, by, placed, since - timedelta(days=1))
        post = agency_acts.appoint(person, unit, title, roles, since)
        content = {"name": person.name, "unit": unit.name, "title": title, "roles": roles}
        record_acts.append(
            record,
            by,
            _entry(by, "post.appointed", post.pk, {**content, "since": since}),
        )
        return post


def _running(person: Person, since: date) -> list[Post]:
    rows = Post.objects.filter(person=person)
    return list(rows.filter(Q(until=None) | Q(until__gte=since)))


def _stands_in(person: Person, since: date) -> bool:
    return person.delegations_taken.filter(revoked_by=None, until__gte=since).exists()


def change_post(
    agency: Agency, by: Actor | None, post: Post, unit: Unit, title: str, roles: list[str]
) -> Post:
    """《公务员法》: other roles, another section or title: the old post ends, a new one begins, and
    every session ends, so that nobody goes on with what he no longer has.
    """
    _administer(by, {SECURITY}, agency)
    _not_himself(by, post.person_id)
    with work():
        affairs(agency)
        held = Post.objects.select_for_update().filter(pk=post.pk, agency=agency).first()
        if held is None or (held.until is not None and held.until < clock.today()):
            raise refuse("这个职务已经结束，请新任职务。", title="没有变更")
        if by is not None:
            _last_of(agency, held.person_id, set(held.roles) - set(roles))
        # A post has whole days: it ended yesterday, the new one begins today.
        _end(agency, by, held, clock.today() - timedelta(days=1))
        made = appoint(agency, by, held.person, unit, title, roles)
        _end_sessions(held.person_id)
        return made


def leave(agency: Agency, by: Actor | None, post: Post) -> Act:
    """《公务员法》: he leaves this post today; what he handles is handed over before."""
    _administer(by, {SYSTEM}, agency)
    _not_himself(by, post.person_id)
    with work():
        affairs(agency)
        held = Post.objects.select_for_update().filter(pk=post.pk, agency=agency).first()
        if held is None or (held.until is not None and held.until < clock.today()):
            raise refuse("这个职务已经结束。", title="没有离岗")
        if "handler" in held.roles and _handles(agency, held.person_id):
            raise refuse(
                f"{held.person.name}还有在办案件，请先由科室负责人办理移交，再离岗。",
                title="没有离岗",
            )
        if by is not None:
            _last_of(agency, held.person_id, set(held.roles))
        act = _end(agency, by, held, clock.today() - timedelta(days=1))
        _end_sessions(held.person_id)
        return act


def _handles(agency: Agency, person_id: int) -> bool:
    return Handler.objects.filter(
        person=person_id, until=None, record__agency_id=agency.pk, record__closed_on=None
    ).exists()


def _end(agency: Agency, by: Actor | None, post: Post, on: date) -> Act:
    # A post that began today and ends today never ran a day, so that nothing of it is left.
    act = record_acts.append(
        affairs(agency),
        by,
        _entry(
            by,
            "post.ended",
            post.pk,
            {"person": post.person.name, "title": post.title, "until": on},
        ),
    )
    Post.objects.filter(pk=post.pk).update(until=on)
    return act


def _end_sessions(person_id: int) -> None:
    account = Account.objects.filter(person=person_id).first()
    if account is not None:
        Account.objects.filter(pk=account.pk).update(epoch=F("epoch") + 1)
        sittings.end_all(account, "epoch")


def last_in(agency: Agency, person_id: int, roles: set[str]) -> set[str]:
    """The roles among these that nobody else here holds with an open account today."""
    today = clock.today()
    others = (
        Post.objects.filter(agency=agency, since__lte=today, person__account__active=True)
        .exclude(person=person_id)
        .filter(Q(until=None) | Q(until__gte=today))
        .values_list("roles", flat=True)
    )
    return roles - {role for each in others for role in each}


def _last_of(agency: Agency, person_id: int, roles: set[str]) -> None:
    """Roles taken from the last who has them: for the administrators there must be another first."""
    if lost := last_in(agency, person_id, roles & (ADMINS | {"head"})):
        names = "、".join(role_name(role) for role in sorted(lost))
        raise refuse(
            f"这是本机关最后一名{names}，请先任命接替的人，再变更。", LAW, title="没有变更"
        )


def disable(agency: Agency, by: Actor | None, account: Account, reason: str) -> Act:
    """《网络安全法》第二十一条: close an account, and every session of it at once; the last who holds
    a role only together with another administrator.
    """
    _administer(by, {SYSTEM}, agency)
    _not_himself(by, account.person_id)
    if not reason.strip():
        raise refuse("请写明停用的原因。", title="没有停用", field="reason")
    with work():
        record = affairs(agency)
        fresh = Account.objects.select_for_update().get(pk=account.pk)
        if not fresh.active:
            raise refuse("这个账号已经停用。", title="没有停用")
        roles = {role for post in current_posts(agency, fresh.person_id) for role in post.roles}
        if by is not None and last_in(agency, fresh.person_id, roles):
            return _ask(record, agency, by, fresh, TwoHands.DISABLE, reason, SYSTEM)
        return _disable(record, by, fresh, {"reason": reason.strip()[:200]})


def _disable(record: Any, by: Actor | None, account: Account, content: dict[str, Any]) -> Act:
    act = record_acts.append(record, by, _entry(by, "account.disabled", account.person_id, content))
    Account.objects.filter(pk=account.pk).update(active=False, epoch=F("epoch") + 1)
    sittings.end_all(account, "epoch")
    return act


def enable(agency: Agency, by: Actor | None, account: Account, reason: str) -> Act:
    """《网络安全法》第二十一条: a closed account opens again; its locks and its password stay as they
    are.
    """
    _administer(by, {SYSTEM}, agency)
    _not_himself(by, account.person_id)
    if not reason.strip():
        raise refuse("请写明启用的原因。", title="没有启用", field="reason")
    with work():
        record = affairs(agency)
        if not Account.objects.filter(pk=account.pk, active=False).update(active=True):
            raise refuse("这个账号没有停用。", title="没有启用")
        return record_acts.append(
            record,
            by,
            _entry(by, "account.enabled", account.person_id, {"reason": reason.strip()[:200]}),
        )


def unlock(agency: Agency, by: Actor | None, account: Account) -> Act:
    """《网络安全法》第二十一条: the security administrator lifts a lock; a closed account stays
    closed.
    """
    _administer(by, {SECURITY}, agency)
    _not_himself(by, account.person_id)
    with work():
        act = record_acts.append(
            affairs(agency), by, _entry(by, "account.unlocked", account.person_id, {})
        )
        attempts.clear_login(account.login)
        return act


def ask_reset(agency: Agency, by: Actor, account: Account, reason: str) -> Act:
    """《网络安全法》第二十一条: one administrator asks for a new password of somebody who lost his; the
    other one has to agree.
    """
    _administer(by, {SYSTEM, SECURITY}, agency)
    _not_himself(by, account.person_id)
    if not reason.strip():
        raise refuse("请写明重置的原因，比如本人当面申请。", title="没有提出", field="reason")
    with work():
        record = affairs(agency)
        role = SYSTEM if SYSTEM in by.roles else SECURITY
        return _ask(record, agency, by, account, TwoHands.RESET, reason, role)


def _ask(
    record: Any, agency: Agency, by: Actor, account: Account, verb: str, reason: str, role: str
) -> Act:
    if TwoHands.objects.filter(account=account, verb=verb, state=TwoHands.OPEN).exists():
        raise refuse("这件事已经提出，正等另一名管理员确认。", title="不用再提")
    act = record_acts.append(
        record,
        by,
        Entry(
            kind="account.asked",
            of=verb,
            subject=str(account.person_id),
            content={"reason": reason.strip()[:200]},
        ),
    )
    TwoHands.objects.create(
        agency=agency,
        account=account,
        verb=verb,
        reason=reason.strip()[:200],
        asker_id=by.person_id,
        asked_role=role,
        asked_by=act,
    )
    return act


def second_hands(verb: str, asked_role: str) -> set[str]:
    """Who may confirm: a reset the other one of system and security, a closing either of the others
    of the three.
    """
    return ({SYSTEM, SECURITY} if verb == TwoHands.RESET else set(ADMINS)) - {asked_role}


def waiting(agency: Agency, by: Actor) -> list[TwoHands]:
    """What waits for a second administrator, each `mine` where this one may confirm it."""
    rows = list(
        TwoHands.objects.filter(agency=agency, state=TwoHands.OPEN).select_related(
            "account__person", "asker"
        )
    )
    for row in rows:
        row.mine = bool(second_hands(row.verb, row.asked_role) & by.roles) and by.person_id not in (
            row.asker_id,
            row.account.person_id,
        )
    return rows


def answer(agency: Agency, by: Actor, asked: TwoHands, agreed: bool) -> tuple[Act, str]:
    """《网络安全法》第二十一条: the second administrator agrees or not; what was agreed to is done
    then and there. Answers the code where there is one.
    """
    _administer(by, second_hands(asked.verb, asked.asked_role), agency)
    _not_himself(by, asked.account.person_id)
    if by.person_id == asked.asker_id:
        raise refuse("提出的人不能自己确认。", LAW, title=NOT_YOURS)
    with work():
        record = affairs(agency)
        row = TwoHands.objects.filter(pk=asked.pk, agency=agency, state=TwoHands.OPEN).first()
        if row is None:
            raise refuse("这件事已经办过了。", title="不能再确认")
        account, code = Account.objects.select_for_update().get(pk=row.account_id), ""
        content: dict[str, Any] = {"asked": row.asked_by_id, "reason": row.reason}
        if not agreed:
            act = record_acts.append(
                record,
                by,
                Entry(
                    kind="account.declined",
                    of=row.verb,
                    subject=str(account.person_id),
                    content=content,
                ),
            )
        elif row.verb == TwoHands.DISABLE:
            act = _disable(record, by, account, content)
        else:
            act, code = _reset(record, by, account, content)
        state = TwoHands.DONE if agreed else TwoHands.REFUSED
        TwoHands.objects.filter(pk=row.pk).update(state=state, answered_by=act)
        return act, code


def _reset(
    record: Any, by: Actor | None, account: Account, content: dict[str, Any]
) -> tuple[Act, str]:
    act = record_acts.append(record, by, _entry(by, "account.reset", account.person_id, content))
    _remember(account)
    Account.objects.filter(pk=account.pk).update(
        password=make_password(None), must_change=True, epoch=F("epoch") + 1
    )
    # Whoever lost everything starts anew; his second factor goes with the password.
    account.factors.filter(removed_at=None).update(removed_at=timezone.now())
    account.recovery_codes.filter(used_at=None).update(used_at=timezone.now())
    sittings.end_all(account, "epoch")
    attempts.clear_login(account.login)
    return act, _code(account, act, policy.read("code")["reset_hours"])


def reset_by_operator(agency: Agency, account: Account, reason: str) -> str:
    """《网络安全法》第二十一条: the operator of the machine resets, where an agency has no second
    administrator; the act says who did.
    """
    with work():
        return _reset(affairs(agency), None, account, {"reason": reason})[1]


def _remember(account: Account) -> None:
    if is_password_usable(account.password):
        PastPassword.objects.create(account=account, hash=account.password, ended_at=timezone.now())


def code_for(typed: str) -> OneTimeCode | None:
    """The code, if it still may be used."""
    row = (
        OneTimeCode.objects.filter(
            digest=passwords.digest(typed),
            used_at=None,
            expires_at__gt=timezone.now(),
            account__active=True,
        )
        .select_related("account__person")
        .first()
    )
    return row


def redeem(row: OneTimeCode, raw: str) -> Account:
    """《网络安全法》第二十一条: the person chooses his own password with the code that he was given."""
    account = row.account
    _fit(account, raw)
    made = passwords.hashed(raw)
    with work():
        taken = OneTimeCode.objects.filter(
            pk=row.pk, used_at=None, expires_at__gt=timezone.now()
        ).update(used_at=timezone.now())
        if not taken:
            raise refuse("这个一次性代码已经用过或者过期。", title="没有设置密码", field="code")
        return _choose(account, made, "code")


def change_password(account: Account, old: str, raw: str) -> Account:
    """《网络安全法》第二十一条: a person changes his own password; every other session of his ends."""
    if not passwords.right(old, account.password):
        raise refuse("现在的密码不对，请重新输入。", title="没有改密码", field="old")
    _fit(account, raw)
    made = passwords.hashed(raw)
    with work():
        return _choose(account, made, "himself")


def _fit(account: Account, raw: str) -> None:
    past = [
        *([account.password] if is_password_usable(account.password) else []),
        *account.past_passwords.order_by("-pk").values_list("hash", flat=True)[:24],
    ]
    passwords.require_fit(raw, account.login, account.person.name, past)


def _choose(account: Account, made: str, how: str) -> Account:
    post = account.person.posts.order_by("pk").first()
    if post is not None:
        record_acts.append(
            affairs(post.agency),
            None,
            Entry(
                kind="password.changed",
                of=how,
                subject=str(account.person_id),
                content={"name": account.person.name},
            ),
        )
    _remember(account)
    Account.objects.filter(pk=account.pk).update(
        password=made,
        password_set_at=timezone.now(),
        must_change=False,
        epoch=F("epoch") + 1,
    )
    account.refresh_from_db()
    sittings.end_all(account, "epoch")
    return account


def owes(account: Account, elsewhere: bool = False) -> str:
    """What an account has to do before anything else: a new password, or a second factor. Whoever
    was shown to be himself elsewhere owes no password: he used none.
    """
    if not elsewhere and _owes_password(account):
        return "password"
    if not policy.asked():
        return ""
    today = clock.today()
    posts = account.person.posts.filter(since__lte=today).exclude(until__lt=today)
    held = {role for roles in posts.values_list("roles", flat=True) for role in roles}
    if (
        held & set(policy.read("second")["must"])
        and not account.factors.filter(removed_at=None).exists()
    ):
        return "factor"
    return ""


def _owes_password(account: Account) -> bool:
    if account.must_change:
        return True
    age = timedelta(days=policy.read("password")["age_days"])
    return (
        policy.asked()
        and account.password_set_at is not None
        and account.password_set_at + age < timezone.now()
    )
