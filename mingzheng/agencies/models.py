"""Bodies, units, posts, people, accounts and certificates, with their dates."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from mingzheng.records.guard import AppendOnly, Guarded
from mingzheng.records.ids import public_code
from mingzheng.records.kept import Kept
from mingzheng.records.models import Act, Record


class Agency(Kept):
    """An agency or another public body. `agency_id` everywhere is the id of a body."""

    born_alone = "设立机关、配备人员时，还没有可以依附的行为"

    KINDS = {
        "statutory": "法定行政机关",
        "authorised": "授权组织",
        "delegated": "受委托组织",
        "township": "赋权乡镇街道",
        "government": "人民政府",
        "judicial": "司法行政机关",
    }
    name = models.CharField(max_length=100, unique=True)
    short_name = models.CharField(max_length=40)
    code = models.SlugField(unique=True)
    kind = models.CharField(max_length=20)
    region = models.CharField(max_length=12)
    uscc = models.CharField(max_length=18, blank=True)
    pack = models.CharField(max_length=80, blank=True)
    mark = models.CharField(max_length=20, blank=True)
    superior = models.ForeignKey("self", models.PROTECT, null=True, related_name="subordinates")
    reconsideration = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    court = models.CharField(max_length=100, blank=True)
    # The decision that a township or a delegated body rests on: {"title", "items", "from",
    # "until"}.
    basis = models.JSONField(default=dict)
    # Region prefixes a judicial bureau or government may look into; it has no enforcement powers
    # there.
    supervises = models.JSONField(default=list)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    hours = models.CharField(max_length=100, blank=True)
    payment = models.JSONField(default=dict)
    record = models.OneToOneField(Record, models.PROTECT, null=True, related_name="body")

    def __str__(self) -> str:
        return self.name

    @property
    def acting_name(self) -> str:
        """In whose name it acts: a delegated body in that of the agency that delegated it
        (处罚法20).
        """
        return self.superior.name if self.kind == "delegated" and self.superior else self.name


class Unit(Kept):
    """A section of a body; `role` is the owning-unit word of the vocabulary that the pack uses."""

    born_alone = "设立机关、配备人员时，还没有可以依附的行为"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=40, default="handling-unit")

    class Meta:
        unique_together = [("agency", "name")]


class Person(Kept):
    """A human being; may hold posts in several agencies."""

    born_alone = "设立机关、配备人员时，还没有可以依附的行为"

    name = models.CharField(max_length=40)
    legal_qualification = models.CharField(max_length=40, blank=True)


class Post(Kept):
    """A person in a unit, with a title and the roles the agency bound to it, from–until."""

    born_alone = "设立机关、配备人员时，还没有可以依附的行为"

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)
    roles = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField(null=True)


class Certificate(Kept):
    """An enforcement certificate: valid only while dates, state and scope say so."""

    born_alone = "设立机关、配备人员时，还没有可以依附的行为"

    VALID, SUSPENDED, REVOKED = "valid", "suspended", "revoked"
    NAMES = {VALID: "有效", SUSPENDED: "已暂扣", REVOKED: "已注销"}

    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=30, unique=True)
    scope = models.JSONField(default=list)
    region = models.CharField(max_length=12)
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=12, default=VALID)


class Account(Kept, AbstractBaseUser):
    """A sign-in. `epoch` is in every session: raising it ends them all. What was done to it are acts
    on the agency's own affairs.
    """

    born_alone = "设立机关、配备人员时，还没有可以依附的行为"

    login = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    active = models.BooleanField(default=True)
    epoch = models.PositiveIntegerField(default=0)
    # None where the password never ages: the demo's.
    password_set_at = models.DateTimeField(null=True)
    # Somebody else chose the password, or nobody did yet: the next sign-in begins with a new one.
    must_change = models.BooleanField(default=False)

    USERNAME_FIELD = "login"

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's own sign-in machinery asks under this name."""
        return self.active


class PastPassword(AppendOnly):
    """A password that an account had, as a hash: it is not taken again."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="past_passwords")
    hash = models.CharField(max_length=128)
    ended_at = models.DateTimeField()


class OneTimeCode(Guarded):
    """The code with which a person chooses his own password: once, before it expires. Only its
    digest is kept.
    """

    memos = ("used_at",)

    account = models.ForeignKey(Account, models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")


class TwoHands(Guarded):
    """What one administrator asks and the other one confirms: a reset, or closing the account of
    the last who holds a role.
    """

    memos = ("state", "answered_by")
    OPEN, DONE, REFUSED = "open", "done", "refused"
    NAMES = {OPEN: "待另一名管理员确认", DONE: "已办理", REFUSED: "未同意"}
    RESET, DISABLE = "reset", "disable"
    VERBS = {RESET: "重置密码", DISABLE: "停用账号"}
    # Whether whoever looks at it may confirm it.
    mine = False

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="two_hands")
    verb = models.CharField(max_length=8)
    reason = models.CharField(max_length=200)
    asker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_role = models.CharField(max_length=20)
    asked_by = models.ForeignKey(Act, models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, default=OPEN)

    @property
    def said(self) -> str:
        """What is asked, in Chinese."""
        return self.VERBS[self.verb]


class SignIn(AppendOnly):
    """The audit administrator's list: who tried to sign in, from where, with what outcome. Kept for
    good.
    """

    by_itself = "登录不是行为，记录本身就是凭据"

    NAMES = {
        "in": "成功",
        "wrong": "账号或者密码不对",
        "locked": "失败过多，暂停登录",
        "disabled": "账号已停用",
        "busy": "登录的人太多，没有核对",
        "factor": "等待第二步验证",
        "factor-wrong": "第二步验证不对",
        "code": "用一次性代码设置密码",
        "code-wrong": "一次性代码不对",
        "out": "退出",
        "oidc": "统一身份认证通过",
        "oidc-none": "统一身份认证通过，没有这个账号",
        "oidc-post": "统一身份认证通过，没有在任的职务",
        "oidc-wrong": "统一身份认证的答复核对不过",
        "oidc-declined": "没有在统一身份认证处登录",
        "oidc-down": "统一身份认证没有应答",
    }
    login = models.CharField(max_length=60)
    at = models.DateTimeField()
    address = models.CharField(max_length=45)
    outcome = models.CharField(max_length=20)
    browser = models.CharField(max_length=120, default="")

    class Meta:
        indexes = [models.Index(fields=["login", "-id"], name="sign_in_by_login")]

    @property
    def said(self) -> str:
        """The outcome in words."""
        return self.NAMES.get(self.outcome, self.outcome)


class Attempts(models.Model):
    """How often a sign-in failed of late: of a login from one address, of a login from everywhere,
    of an address. A working row; `key` is a digest, so that it names no account that there is not.
    """

    working = "登录失败的计数，到期删除"

    key = models.CharField(max_length=64, unique=True)
    login = models.CharField(max_length=60, blank=True)
    failures = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["login"], name="attempts_by_login")]


class Sitting(Guarded):
    """A session of an account: begun where and when, and how it ended."""

    working = "登录会话，退出或者到期即失效"

    memos = ("ended_at", "ended_how")
    HOW = {"out": "退出", "elsewhere": "在别处结束", "epoch": "账号变更，全部结束"}

    account = models.ForeignKey(Account, models.PROTECT, related_name="sittings")
    # The key of the session, which is worthless once that has ended.
    key = models.CharField(max_length=40)
    begun_at = models.DateTimeField()
    address = models.CharField(max_length=45)
    browser = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [models.Index(fields=["key"], name="sitting_by_key")]


class SecondFactor(Guarded):
    """What an account shows besides its password: a TOTP secret (sealed) or a WebAuthn key (public).
    `counter` rises, so that what was shown once is not shown again.
    """

    by_itself = "动态口令用过的序号随每次验证变化"

    memos = ("counter", "used_at", "removed_at")
    TOTP, WEBAUTHN = "totp", "webauthn"
    NAMES = {TOTP: "动态口令", WEBAUTHN: "安全密钥"}

    account = models.ForeignKey(Account, models.PROTECT, related_name="factors")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=40)
    secret = models.TextField()
    credential = models.CharField(max_length=400, blank=True)
    counter = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class RecoveryCode(Guarded):
    """A code for the day the second factor is lost; only its digest is kept, and it works once."""

    memos = ("used_at",)

    account = models.ForeignKey(Account, models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Noted(AppendOnly):
    """What the audit administrator reads of besides acts: refusals, searches by identifier. Who,
    when and what, never the content.
    """

    by_itself = "拒绝和检索不是行为，记录本身就是凭据"

    KINDS = {"refusal": "被拒绝", "absent": "打开不可见的页面", "search": "按证件号码、电话检索"}

    agency_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    address = models.CharField(max_length=45)
    what = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["agency_id", "-id"], name="noted_by_agency")]


class Delegation(Guarded):
    """One person stands in for another's roles for some days; never for his own requests. It ends
    with its last day, with the lender's post, or when it is taken back.
    """

    memos = ("revoked_by",)

    agency = models.ForeignKey(Agency, models.PROTECT)
    giver = models.ForeignKey(Person, models.PROTECT, related_name="delegations_given")
    taker = models.ForeignKey(Person, models.PROTECT, related_name="delegations_taken")
    roles = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    revoked_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")


class Grant(AppendOnly):
    """The one object that crosses the tenancy wall: a person may see one record, from–until, for a
    reason.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="grants")
    agency_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    since = models.DateField()
    until = models.DateField()
    why = models.CharField(max_length=200)
    # view, adviser and supervisor look; replacement and joint act here, each with his own
    # certificate.
    purpose = models.CharField(max_length=12, default="view")
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class Exclusion(Kept):
    """A recused person: the record looks absent to him from this act on."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="exclusions")
    agency_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="exclusions")
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")


class Handler(Kept):
    """An officer who handles a record: assigned, replaced or recused by acts."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="handlers")
    agency_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="handled")
    since = models.ForeignKey(Act, models.PROTECT, related_name="+")
    until = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "record"], name="handler_by_person")]


class Handover(Kept):
    """One matter that an officer who leaves gives to another; the old handler keeps it until it is
    accepted.
    """

    OFFERED, ACCEPTED, DECLINED = "offered", "accepted", "declined"
    NAMES = {OFFERED: "待接收", ACCEPTED: "已接收", DECLINED: "未接收"}

    record = models.ForeignKey(Record, models.PROTECT, related_name="handovers")
    agency_id = models.BigIntegerField()
    giver = models.ForeignKey(Person, models.PROTECT, related_name="handovers_given")
    taker = models.ForeignKey(Person, models.PROTECT, related_name="handovers_taken")
    why = models.CharField(max_length=200)
    offered_by = models.ForeignKey(Act, models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, default=OFFERED)

    class Meta:
        indexes = [models.Index(fields=["taker", "state"], name="handover_by_taker")]


class Party(Kept):
    """A counterpart in the agency's register; a matter keeps its own snapshot of him."""

    KINDS = {
        "natural": "自然人",
        "organisation": "法人、其他组织",
        "individual-business": "个体工商户",
    }

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    identifier = models.CharField(max_length=40, blank=True)
    no_identifier_reason = models.CharField(max_length=200, blank=True)
    representative = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=32, default=public_code, unique=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "identifier"], name="party_by_identifier")]


class Device(Kept):
    """A body camera, recorder or the like: its standard, its state, who holds it now."""

    FIT, BROKEN, RETIRED = "fit", "broken", "retired"
    NAMES = {FIT: "完好", BROKEN: "故障", RETIRED: "已报废"}

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="devices")
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    standard = models.CharField(max_length=120, blank=True)
    holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="devices")
    state = models.CharField(max_length=8, default=FIT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="device_number_once")
        ]


class DeviceUse(Kept):
    """Who held a device from when to when: recordings trace back to it."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="uses")
    agency_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Act, models.PROTECT, related_name="+")
    back_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")


class Room(Kept):
    """An inquiry or hearing room of the agency."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="room_name_once")]


class Booking(Kept):
    """A room kept for somebody from–until; two never overlap."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="bookings")
    agency_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    why = models.CharField(max_length=120)
    since = models.DateTimeField()
    until = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    freed_by = models.ForeignKey(Act, models.PROTECT, null=True, related_name="+")
