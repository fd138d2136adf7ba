"""What a played case does, done through the officers' pages: forms are posted, refusals are read.

A test marked `@clause` shows what a user can and cannot do. Its cases are played as everywhere
else, but each step, each opinion on a proposal and each beginning is a request to the page that an
officer has before him.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client

from mingzheng.agencies.models import Account
from mingzheng.desk import act_views
from mingzheng.procedures import registry
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.outcome import Absent, Invalid, Outcome
from mingzheng.records import store
from mingzheng.records.actors import Actor
from mingzheng.records.models import FormUse, Record
from mingzheng.records.refusal import Refused
from mingzheng.site.demo import play, telling, turns

TAG = re.compile(r"<[^>]*>")
SPACE = re.compile(r"\s+")


def officer(by: Actor) -> Client:
    """A browser in which this identity is signed in."""
    account = Account.objects.get(person_id=by.person_id, active=True)
    client = Client()
    session = client.session
    session["login"], session["epoch"], session["post"] = account.login, account.epoch, by.post_id
    session.save()
    return client


def signed_in(code: str, index: int) -> Client:
    """A browser in which a person of the cast has signed in with a password."""
    client = Client()
    assert (
        client.post(
            "/login", {"login": f"{code}-{index:02d}", "password": "mingzheng-demo"}
        ).status_code
        == 302
    )
    return client


def words(answer: Any) -> str:
    """What a reader of a page has before his eyes, without the spaces."""
    return SPACE.sub("", html.unescape(TAG.sub("", answer.content.decode())))


def said_no(answer: Any) -> Exception:
    """The refusal that a page shows; fails where the page keeps a ground to itself."""
    if answer.status_code == 404:
        return Absent()
    told, shown = answer.context, words(answer)
    refusal = told.get("refusal")
    if refusal is None:
        form = told["form"]
        for texts in form.errors.values():
            for text in texts:
                assert SPACE.sub("", str(text)) in shown, f"页面没有写出：{text}"
        return Invalid(form)
    for ground in refusal.grounds:
        for text in (refusal.title, ground.say, ground.source, *ground.missing):
            assert SPACE.sub("", text) in shown, f"页面没有写出：{text}"
    return Refused(refusal.title, refusal.grounds)


def posted(client: Client, address: str, data: dict[str, Any]) -> Any:
    """A form is sent; raises what the page answers when it was not taken."""
    answer = client.post(address, data)
    if answer.status_code != 302:
        raise said_no(answer)
    return answer


def sent_files(files: Iterable[Any]) -> dict[str, Any]:
    """Stored files as a browser sends them beside the form."""
    kept = list(files)
    if not kept:
        return {}
    return {
        "files": [SimpleUploadedFile(name, store.read(stored.sha256)) for stored, name, _ in kept],
        "upload_purpose": kept[0][2],
    }


class Pages:
    """The two doors of `procedures.acts` by which people act, as pages."""

    def take_step(
        self,
        by: Actor,
        record_id: int,
        key: str,
        data: QueryDict,
        *,
        form_key: str,
        seen: int | None = None,
        files: Any = (),
    ) -> Outcome:
        """The form of a step is sent."""
        ticket = act_views.ticket(record_id, seen, key)
        posted(
            officer(by),
            f"/desk/cases/{record_id}/do/{key}",
            {**dict(data.lists()), "ticket": ticket, **sent_files(files)},
        )
        once = act_views.read_ticket(ticket, record_id, key)["n"]
        act = FormUse.objects.get(pk=once).act
        return Outcome(act, Proposal.objects.filter(opened_by=act).first())

    def answer(
        self,
        by: Actor,
        proposal_id: int,
        decision: str,
        opinion: str,
        *,
        text_hash: str,
        form_key: str,
    ) -> Outcome:
        """The opinion on a proposal is sent."""
        posted(
            officer(by),
            f"/desk/proposals/{proposal_id}",
            {
                "decision": decision,
                "opinion": opinion,
                "text_hash": text_hash,
                "form_key": form_key,
            },
        )
        return Outcome(FormUse.objects.get(pk=form_key).act, Proposal.objects.get(pk=proposal_id))


class Opening:
    """The page on which a kind of matter is begun, in the place of its form and its verb."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.cleaned_data: dict[str, Any] = {}

    def form(self, data: QueryDict, record: None, actor: Actor) -> Opening:
        """Filled in, not yet sent."""
        self.cleaned_data = dict(data.lists())
        return self

    def is_valid(self) -> bool:
        """The page judges."""
        return True

    def run(self, actor: Actor, data: dict[str, Any], key: str) -> Record:
        """The form is sent; the page leads on to the matter."""
        answer = posted(officer(actor), f"/desk/cases/new/{self.code}", data)
        return Record.objects.get(pk=int(re.findall(r"\d+", answer["Location"])[0]))


def openings() -> list[Opening]:
    """Every kind that may be begun somewhere."""
    return [Opening(each.code) for each in registry.openings()]


def walk_in(patch: pytest.MonkeyPatch) -> None:
    """From now on everything that is played goes through the pages."""
    for module in (play, turns, telling):
        patch.setattr(module, "procedure_acts", Pages())
    doors = SimpleNamespace(openings=openings, facts_of=registry.facts_of)
    patch.setattr(play, "registry", doors)
