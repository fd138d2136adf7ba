"""The peer of `bench act`: what a careful Django team would put together from django-fsm-2 and
django-simple-history to do the like of one act.

A matter with a protected state, a transition with its condition, a history row of the matter, an
act row with its text, a duty row closed and one opened, a one-time form key, and the same request
path: session, CSRF, form, lock, commit. Its libraries belong to the tests, not to the product.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from mingzheng.records.unit import work

MISSING = (
    "没有安装对照用的 django-fsm-2 和 django-simple-history，没有测。请先装好测试的依赖："
    "pip install --require-hashes -r requirements/test.txt。"
)


def available() -> bool:
    """Whether the peer's libraries are installed."""
    return find_spec("django_fsm") is not None and find_spec("simple_history") is not None


class Peer:
    """The peer's tables, view and browser in the benchmark's own database."""

    def __init__(self, person: int) -> None:
        self.models = _models()
        with connection.schema_editor() as editor:
            for model in self.models.values():
                editor.create_model(model)
        self.person = person
        self.matter: Any = self.models["matter"].objects.create(title="测速", state="investigating")
        self.models["handler"].objects.create(matter=self.matter, person=person)
        self.models["duty"].objects.create(
            matter=self.matter, act=None, topic="立案", due=timezone.now()
        )

    def addresses(self) -> list[Any]:
        """The peer's two addresses."""
        return [path("peer/<int:pk>", self._act)]

    def _act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, or take the step under the lock, as its manual says."""
        matter, act, duty, use, handler = (
            self.models[name] for name in ("matter", "act", "duty", "use", "handler")
        )
        if request.actor is None:  # type: ignore[attr-defined]
            return HttpResponse(status=403)
        if request.method == "GET":
            return HttpResponse(f'<form><input name="key" value="{secrets.token_hex(12)}"></form>')
        with work():
            row: Any = matter.objects.select_for_update().get(pk=pk)
            if use.objects.filter(pk=request.POST["key"]).exists():
                return HttpResponse(status=302)
            person = request.actor.person_id  # type: ignore[attr-defined]
            if not handler.objects.filter(matter=row, person=person).exists():
                return HttpResponse(status=404)
            row.identify()
            row.save()
            made = act.objects.create(
                matter=row, person=person, kind="officer.identified", text=request.POST["place"]
            )
            for owed in duty.objects.filter(matter=row, done=False):
                owed.done, owed.act = True, made
                owed.save()
            duty.objects.create(matter=row, act=made, topic="记录", due=timezone.now())
            use.objects.create(key=request.POST["key"], matter=row)
        return HttpResponse(status=302, headers={"Location": f"/peer/{pk}"})


def with_peer(person: int, work: Callable[[Peer], dict[str, Any]]) -> dict[str, Any]:
    """Run the benchmark with the peer's address beside the product's own."""
    peer = Peer(person)
    from mingzheng.site import urls

    class Addresses:
        urlpatterns = [*peer.addresses(), *urls.urlpatterns]

    with override_settings(ROOT_URLCONF=Addresses):
        return work(peer)


def once(peer: Peer, client: Client) -> None:
    """One act of the peer."""
    answer = client.post(
        f"/peer/{peer.matter.pk}",
        {"key": secrets.token_hex(12), "place": "测速", "mode": "shown", "to": "测速"},
    )
    if answer.status_code != 302:
        raise RuntimeError(f"the peer refused: {answer.status_code}")


def _models() -> dict[str, Any]:
    """The peer's models, made here so that without its libraries nothing of it is imported."""
    from django_fsm import FSMField, transition
    from simple_history.models import HistoricalRecords  # type: ignore[import-untyped]

    label = apps.get_app_config("site").label

    class PeerMatter(models.Model):
        title = models.CharField(max_length=300)
        state = FSMField(default="registered", protected=False)
        changed_at = models.DateTimeField(auto_now=True)
        history = HistoricalRecords()

        class Meta:
            app_label = label

        @transition(field=state, source="investigating", target="investigating")
        def identify(self) -> None:
            """Who showed which certificate."""

    class PeerAct(models.Model):
        matter = models.ForeignKey(PeerMatter, models.PROTECT)
        person = models.BigIntegerField()
        kind = models.CharField(max_length=60)
        text = models.TextField()
        at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = label

    class PeerDuty(models.Model):
        matter = models.ForeignKey(PeerMatter, models.PROTECT)
        act = models.ForeignKey(PeerAct, models.PROTECT, null=True)
        topic = models.CharField(max_length=60)
        due = models.DateTimeField()
        done = models.BooleanField(default=False)

        class Meta:
            app_label = label

    class PeerHandler(models.Model):
        matter = models.ForeignKey(PeerMatter, models.PROTECT)
        person = models.BigIntegerField()

        class Meta:
            app_label = label

    class PeerUse(models.Model):
        key = models.CharField(max_length=64, primary_key=True)
        matter = models.ForeignKey(PeerMatter, models.PROTECT)

        class Meta:
            app_label = label

    history: Any = PeerMatter.history
    return {
        "matter": PeerMatter,
        "act": PeerAct,
        "duty": PeerDuty,
        "handler": PeerHandler,
        "use": PeerUse,
        "history": history.model,
    }
