"""What was typed and not sent is offered again to whoever typed it, and to nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mingzheng.agencies.access import actors_of
from mingzheng.agencies.models import Account
from mingzheng.core import clock
from mingzheng.documents.models import Document
from mingzheng.jobs.models import Job
from mingzheng.notices.models import Task
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act, Attachment, FormUse
from mingzheng.site.demo import stories
from mingzheng.site.demo.founding import PASSWORD
from mingzheng.site.demo.play import at
from mingzheng.unsent import acts as unsent
from mingzheng.unsent.models import Unsent
from tests.cases.telling import case

HIDDEN = re.compile(r'type="hidden"\s+name="([\w-]+)"\s+value="([^"]*)"')
WORDS = "现场检查发现该单位仍在使用淘汰电机，已拍照。"


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the forms of a page."""
    return dict(HIDDEN.findall(page.content.decode()))


def browser(agency: Any, name: str, **more: Any) -> Client:
    """Somebody of an agency, signed in."""
    account = Account.objects.get(person__name=name, person__posts__agency=agency, active=True)
    made = Client(**more)
    sent = {"login": account.login, "password": PASSWORD}
    assert made.post("/login", sent).status_code == 302
    return made


@pytest.fixture
def told(bodies: dict[str, Any]) -> Any:
    """A case under investigation, its officer's browser, and a form of it."""
    journey = case(bodies).go("opened")
    with at(journey.day, 17):
        yield (
            journey,
            browser(bodies["wg"], "张三"),
            f"/desk/cases/{journey.play.record.pk}/do/investigation.ended",
        )


def test_what_is_typed_is_kept_and_offered_and_gone_when_thrown_away(told: Any) -> None:
    journey, client, form = told
    kept = client.post(
        "/desk/unsent", {"unsent-place": form, "facts_found": WORDS, "csrfmiddlewaretoken": "x"}
    )
    assert kept.status_code == 200 and "已暂存" in kept.content.decode()
    page = client.get(form).content.decode()
    assert "在这里填过，还没有提交" in page and WORDS not in page
    assert WORDS in client.get(f"{form}?continue=1").content.decode()
    assert client.post("/desk/unsent/forget", {"unsent-place": form}).status_code == 302
    assert "在这里填过" not in client.get(form).content.decode()


def test_it_is_sealed_and_his_alone(told: Any, bodies: dict[str, Any]) -> None:
    _, client, form = told
    client.post("/desk/unsent", {"unsent-place": form, "facts_found": WORDS})
    row = Unsent.objects.get()
    assert WORDS not in row.body and "facts_found" not in row.body
    other = browser(bodies["wg"], "李四").get(form).content.decode()
    assert "在这里填过" not in other


def test_it_outlives_signing_out_and_is_forgotten_after_its_days(told: Any) -> None:
    journey, client, form = told
    client.post("/desk/unsent", {"unsent-place": form, "facts_found": WORDS})
    client.post("/logout")
    again = browser(journey.play.body, "张三")
    assert "在这里填过" in again.get(form).content.decode()
    unsent.forget_old()
    assert Unsent.objects.exists()
    Unsent.objects.update(kept_at=clock.now() - timedelta(days=31))
    unsent.forget_old()
    assert not Unsent.objects.exists()


def test_a_form_that_was_refused_is_kept_and_one_that_was_taken_is_forgotten(told: Any) -> None:
    journey, client, form = told
    ticket = hidden(client.get(form))
    refused = client.post(form, {**ticket, "facts_found": WORDS})
    assert refused.status_code == 422 and Unsent.objects.count() == 1


@pytest.mark.parametrize(
    "place",
    [
        "",
        "/desk/unsent",
        "/desk/../../etc",
        "/login",
        "//evil.example/desk",
        "https://evil.example/",
    ],
)
def test_only_forms_of_the_desk_are_kept(told: Any, place: str) -> None:
    _, client, _ = told
    assert (
        client.post("/desk/unsent", {"unsent-place": place, "facts_found": WORDS}).status_code
        == 400
    )
    assert not Unsent.objects.exists()


def test_too_much_is_not_kept(told: Any) -> None:
    _, client, form = told
    answer = client.post("/desk/unsent", {"unsent-place": form, "facts_found": "长" * 500_000})
    assert answer.status_code == 413 and "没有暂存" in answer.content.decode()
    assert not Unsent.objects.exists()


def test_nobody_keeps_without_signing_in(told: Any) -> None:
    _, _, form = told
    answer = Client().post("/desk/unsent", {"unsent-place": form, "facts_found": WORDS})
    assert answer.status_code == 401 and "登录已到期" in answer.content.decode()
    assert not Unsent.objects.exists()


# -- a session that ended ------------------------------------------------------------------------
def test_what_was_sent_after_the_session_ended_is_sent_after_signing_in_again(
    told: Any, bodies: dict[str, Any]
) -> None:
    journey, client, _ = told
    proposal = Proposal.objects.count()
    form = f"/desk/cases/{journey.play.record.pk}/do/investigation.ended"
    said = {**hidden(client.get(form)), "happened_at": f"{journey.day}T16:00", "opinion": WORDS}
    client.cookies.pop("sessionid")
    ended = client.post(form, said)
    assert ended.status_code == 302 and ended.url.startswith("/login?next=")
    page = client.get(ended.url).content.decode()
    assert "您刚才填的内容没有丢" in page and WORDS not in page
    account = Account.objects.get(person__name="张三", person__posts__agency=bodies["wg"])
    back = client.post("/login", {"login": account.login, "password": PASSWORD, "next": form})
    assert back.status_code == 302 and back.url == "/desk/unsent/resume"
    resumed = client.get(back.url)
    assert WORDS in resumed.content.decode() and f'action="{form}"' in resumed.content.decode()
    answer = client.post(form, hidden(resumed))
    assert answer.status_code in (302, 409, 422) and proposal == Proposal.objects.count()
    # Looked at once, it is not handed out again.
    assert client.get("/desk/unsent/resume").url == "/desk"


def test_it_is_handed_to_nobody_else(told: Any, bodies: dict[str, Any]) -> None:
    journey, client, form = told
    client.cookies.pop("sessionid")
    client.post(form, {"facts_found": WORDS, "ticket": "x"})
    account = Account.objects.get(person__name="李四", person__posts__agency=bodies["wg"])
    back = client.post("/login", {"login": account.login, "password": PASSWORD})
    assert back.url == "/desk"
    assert client.get("/desk/unsent/resume").url == "/desk"
    assert not Unsent.objects.exists()


def test_a_stranger_fills_no_session(told: Any) -> None:
    _, _, form = told
    stranger = Client()
    stranger.post(form, {"facts_found": WORDS})
    assert "held" not in stranger.session


def test_a_page_without_its_token_keeps_what_was_typed(told: Any, bodies: dict[str, Any]) -> None:
    _, _, form = told
    client = browser(bodies["wg"], "张三", enforce_csrf_checks=False)
    client.handler.enforce_csrf_checks = True
    page = client.post(form, {"facts_found": WORDS})
    assert page.status_code == 403 and "已经暂存" in page.content.decode()
    assert WORDS in client.get(f"{form}?continue=1").content.decode()


# -- files ---------------------------------------------------------------------------------------
def test_files_stay_chosen_after_a_fault(told: Any) -> None:
    journey, client, _ = told
    form = f"/desk/cases/{journey.play.record.pk}/do/investigation.ended"
    file = SimpleUploadedFile("照片清单.txt", "三张照片".encode())
    first = client.post(form, {**hidden(client.get(form)), "files": [file]})
    page = first.content.decode()
    assert first.status_code == 422 and "已经收到的附件" in page and "照片清单.txt" in page
    fields = hidden(first)
    word = re.search(r'name="kept"\s+value="([^"]+)"', page)
    assert word is not None
    again = client.post(form, {**fields, "kept": word[1]})
    assert "照片清单.txt" in again.content.decode()
    # Signed for this form and this person: on another form it is worth nothing.
    elsewhere = f"/desk/cases/{journey.play.record.pk}/do/evidence.taken:documentary"
    other = client.post(elsewhere, {**hidden(client.get(elsewhere)), "kept": word[1]})
    assert "照片清单.txt" not in other.content.decode()
    assert not Attachment.objects.filter(name="照片清单.txt").exists()


def test_a_file_that_is_refused_takes_no_other_along(told: Any) -> None:
    journey, client, _ = told
    form = f"/desk/cases/{journey.play.record.pk}/do/investigation.ended"
    earlier = SimpleUploadedFile("先选的.txt", "先选的".encode())
    page = client.post(form, {**hidden(client.get(form)), "files": [earlier]})
    word = re.search(r'name="kept"\s+value="([^"]+)"', page.content.decode())
    assert word is not None
    sent = [
        SimpleUploadedFile("空的.pdf", b""),
        SimpleUploadedFile("好的.txt", "好的".encode()),
    ]
    again = client.post(form, {**hidden(page), "kept": word[1], "files": sent})
    said = again.content.decode()
    assert again.status_code == 409 and "“空的.pdf”：文件是空的" in said
    kept = re.findall(r'name="kept"\s+value="([^"]+)"', said)
    assert len(kept) == 2 and "先选的.txt" in said and "好的.txt" in said
    assert not Attachment.objects.filter(record=journey.play.record, name="好的.txt").exists()


# -- what comes back -----------------------------------------------------------------------------
def returned(bodies: dict[str, Any]) -> tuple[Any, Proposal]:
    """The opening of a case, sent back with a reason by whoever had to approve it."""
    journey = case(bodies).go("proposed")
    found = Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)
    with at(journey.day, 11):
        page = browser(bodies["wg"], journey.play.approver(found))
        address = f"/desk/proposals/{found.pk}"
        said = {**hidden(page.get(address)), "decision": "return", "opinion": REASON}
        assert page.post(address, said).status_code == 302
    found.refresh_from_db()
    return journey, found


REASON = "立案理由没有写清管辖依据，请补充。"


def test_a_return_comes_back_with_its_reason_its_form_and_one_button(
    bodies: dict[str, Any],
) -> None:
    journey, found = returned(bodies)
    with at(journey.day, 14):
        client = browser(bodies["wg"], "张三")
        home = client.get("/desk").content.decode()
        assert "退回：" in home and "修改重报" in home
        page = client.get(f"/desk/proposals/{found.pk}").content.decode()
        form = f"/desk/cases/{found.record_id}/do/{found.step}"
        assert REASON in page and f"{form}?again={found.pk}" in page
        shown = client.get(f"{form}?again={found.pk}")
        text = shown.content.decode()
        assert REASON in text and "建议立案调查" in text
        officers = [str(each) for each in journey.play.officers_ids()]
        said = {**hidden(shown), "officers": officers, "reason": "有管辖权，符合立案条件。"}
        assert client.post(form, said).status_code == 302
        newer = Proposal.objects.get(record=found.record_id, state=Proposal.OPEN)
        assert not Task.objects.filter(proposal_id=found.pk, closed_at=None).exists()
        again = client.get(f"/desk/proposals/{newer.pk}").content.decode()
        assert REASON in again and "上一次报批的意见" in again
        # What was answered already is not offered once more.
        assert "修改后重报" not in client.get(f"/desk/proposals/{found.pk}").content.decode()


def test_the_page_of_the_matter_leads_back_to_the_filled_form(bodies: dict[str, Any]) -> None:
    journey, found = returned(bodies)
    form = f"/desk/cases/{found.record_id}/do/{found.step}"
    with at(journey.day, 14):
        client = browser(bodies["wg"], "张三")
        page = client.get(f"/desk/cases/{found.record_id}").content.decode()
        assert "已退回" in page and f'class="btn btn-lg" href="{form}?again={found.pk}"' in page
        assert f'class="btn btn-lg"\n            href="{form}"' not in page
        # Whoever comes by another way is led there too.
        assert f"{form}?again={found.pk}" in client.get(form).content.decode()
        # Nobody else is told to mend it.
        other = browser(bodies["wg"], journey.role("head"))
        assert "again=" not in other.get(f"/desk/cases/{found.record_id}").content.decode()


def test_the_approver_sees_who_proposed_and_what_was_sent_along(bodies: dict[str, Any]) -> None:
    journey, earlier = returned(bodies)
    with at(journey.day, 14):
        client = browser(bodies["wg"], "张三")
        form = f"/desk/cases/{earlier.record_id}/do/{earlier.step}"
        shown = client.get(f"{form}?again={earlier.pk}")
        officers = [str(each) for each in journey.play.officers_ids()]
        said = {**hidden(shown), "officers": officers, "reason": "有管辖权，符合立案条件。"}
        said["files"] = [SimpleUploadedFile("举报材料.txt", "材料".encode())]
        assert client.post(form, said).status_code == 302
        found = Proposal.objects.get(record=earlier.record_id, state=Proposal.OPEN)
        approver = browser(bodies["wg"], journey.play.approver(found))
        page = approver.get(f"/desk/proposals/{found.pk}").content.decode()
        assert "报批人" in page and "张三" in page and "举报材料.txt" in page
        address = f"/desk/proposals/{found.pk}/files/{len(found.files) - 1}"
        assert address in page
        taken = approver.get(address)
        assert taken.content.decode() == "材料"
        # As a download, under its own name.
        assert taken["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%B8%BE")
        assert taken["Content-Type"] == "application/octet-stream"
        assert approver.get(f"/desk/proposals/{found.pk}/files/99").status_code == 404
        assert browser(bodies["lm"], stories.OFFICERS["lm"][0]).get(address).status_code == 404


def test_a_file_is_kept_as_soon_as_it_is_chosen(told: Any) -> None:
    journey, client, form = told
    address = form.replace("/do/", "/files/")
    sent = [SimpleUploadedFile("底稿.txt", "底稿".encode()), SimpleUploadedFile("空的.pdf", b"")]
    answer = client.post(address, {"files": sent}).json()
    assert [each["name"] for each in answer["kept"]] == ["底稿.txt"]
    assert "“空的.pdf”：文件是空的" in answer["fault"]
    word = answer["kept"][0]["word"]
    client.post("/desk/unsent", {"unsent-place": form, "facts_found": WORDS, "kept": word})
    page = client.get(f"{form}?continue=1")
    assert WORDS in page.content.decode() and "底稿.txt" in page.content.decode()
    kept = re.search(r'name="kept"\s+value="([^"]+)"', page.content.decode())
    assert kept is not None
    again = client.post(form, {**hidden(page), "kept": kept[1]})
    assert again.status_code == 422 and "底稿.txt" in again.content.decode()
    # Nothing is kept for whoever may not take the step, and no word of another form counts.
    stranger = browser(journey.play.body, journey.role("archivist"))
    assert stranger.post(address, {"files": sent}).status_code == 404
    other = f"/desk/cases/{journey.play.record.pk}/do/evidence.listed"
    assert "底稿.txt" not in client.post(other, {"kept": word}).content.decode()


def test_what_was_begun_and_not_sent_is_listed(told: Any) -> None:
    journey, client, form = told
    begin = "/desk/cases/new/penalty"
    assert "还没有提交" not in client.get("/desk").content.decode()
    client.post("/desk/unsent", {"unsent-place": form, "facts_found": WORDS})
    # Each beginning is a draft of its own: the second leaves the first alone.
    for number, cause in enumerate(("第一件", "第二件")):
        place = f"{begin}?draft=aaaaaaaa{number}"
        client.post("/desk/unsent", {"unsent-place": place, "cause": cause, "place": "城关镇"})
    assert "3 张表填过还没有提交" in client.get("/desk").content.decode()
    page = client.get("/desk/unsent/waiting").content.decode()
    assert f"{form}?continue=1" in page and journey.play.record.title in page
    assert f"{begin}?draft=aaaaaaaa0&amp;continue=1" in page
    again = client.get(f"{begin}?draft=aaaaaaaa0&continue=1").content.decode()
    # Where the form is is no answer to where it happened.
    assert 'value="第一件"' in again and 'value="城关镇"' in again and "第二件" not in again
    assert "有 2 张同样的表填过" in client.get(begin).content.decode()
    sent = {"unsent-place": form, "list": "1"}
    assert client.post("/desk/unsent/forget", sent)["Location"] == "/desk/unsent/waiting"
    assert form not in client.get("/desk/unsent/waiting").content.decode()
    # Another person sees none of it.
    other = browser(journey.play.body, journey.role("archivist"))
    assert "continue=1" not in other.get("/desk/unsent/waiting").content.decode()


def test_what_cannot_be_done_any_more_is_said_and_leads_nowhere(told: Any) -> None:
    journey, client, _ = told
    gone = f"/desk/cases/{journey.play.record.pk}/do/case.closed"
    client.post("/desk/unsent", {"unsent-place": gone, "text": WORDS})
    page = client.get("/desk/unsent/waiting").content.decode()
    assert "现在已经不能办了" in page and f"{gone}?continue=1" not in page


def test_an_opinion_on_a_matter_that_is_out_of_sight_tells_nothing_of_it(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("proposed")
    found = Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)
    title = journey.play.record.title
    place = {"unsent-place": f"/desk/proposals/{found.pk}", "opinion": WORDS}
    with at(journey.day, 11):
        own = browser(bodies["wg"], journey.play.approver(found))
        own.post("/desk/unsent", place)
        assert title in own.get("/desk/unsent/waiting").content.decode()
        other = browser(bodies["lm"], stories.OFFICERS["lm"][0])
        other.post("/desk/unsent", place)
        page = other.get("/desk/unsent/waiting").content.decode()
    # Its own address stands in the button that throws the draft away, and nowhere as a way.
    assert "审批意见" in page and f'href="/desk/proposals/{found.pk}"' not in page
    assert title not in page


def test_a_signature_is_not_kept_without_what_it_was_made_under(told: Any) -> None:
    _, client, form = told
    client.post("/desk/unsent", {"unsent-place": form, "facts_found": WORDS, "stroke": "[1]"})
    kept = unsent.kept(_actor(), form)
    assert kept is not None and set(kept.answers) == {"facts_found"}


def _actor() -> Any:
    row = Unsent.objects.get()
    return next(each for each in actors_of(row.person_id) if (each.post_id or 0) == row.post_id)


@pytest.mark.parametrize("wanted", ["0", "x", "9" * 30, "-1", "²"])
def test_what_never_came_back_is_not_filled_in(bodies: dict[str, Any], wanted: str) -> None:
    journey, found = returned(bodies)
    with at(journey.day, 14):
        client = browser(bodies["wg"], "张三")
        page = client.get(f"/desk/cases/{found.record_id}/do/{found.step}?again={wanted}")
        assert page.status_code == 200 and REASON not in page.content.decode()


def test_what_the_reviewers_sent_back_is_a_task_with_what_was_submitted(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("heard")
    with at(journey.forward(1), 10):
        journey.play.step("review.submitted", materials="调查终结报告\n证据材料", note="请审")
    reviewer = journey.role("legal-reviewer")
    with at(journey.forward(1), 15):
        journey.play.step("review.returned", by=reviewer, opinion="缺送达回证。")
        client = browser(bodies["wg"], "张三")
        home = client.get("/desk").content.decode()
        assert "退回补正" in home
        page = client.get(f"/desk/cases/{journey.play.record.pk}/do/review.submitted")
        assert "证据材料" in page.content.decode()
        journey.play.step("review.submitted", materials="调查终结报告\n送达回证", note="已补")
        tasks = Task.objects.filter(record=journey.play.record, kind=Task.TODO, closed_at=None)
        assert not tasks.filter(person_id__isnull=False).exists()


# -- before it is done ---------------------------------------------------------------------------
def test_papers_are_read_before_the_step_is_taken_and_nothing_stays(told: Any) -> None:
    journey, client, _ = told
    record = journey.play.record
    address = f"/desk/cases/{record.pk}/preview/party.notified:rights"
    said = {
        "officers": [str(each) for each in journey.play.officers_ids()],
        "to": "负责人",
        "signed": "signed",
        "happened_at": f"{journey.day}T16:30",
    }
    with at(journey.day, 16, 40):
        journey.play.step(
            "officer.identified",
            officers=journey.play.officers_ids(),
            mode="shown",
            to="负责人",
            place="厂区",
        )
        before = [model.objects.count() for model in (Act, Document, FormUse, Job)]
        answer = client.post(address, said)
        assert answer.status_code == 200, answer.content.decode()[:2000]
        assert answer["Content-Type"] == "application/pdf" and answer.content[:5] == b"%PDF-"
        assert [model.objects.count() for model in (Act, Document, FormUse, Job)] == before
        assert client.get(address).status_code == 405
        empty = client.post(address, {})
        assert empty.status_code == 422 and "还不能预览" in empty.content.decode()


def test_nobody_previews_what_is_not_his(told: Any, bodies: dict[str, Any]) -> None:
    journey, _, _ = told
    address = f"/desk/cases/{journey.play.record.pk}/preview/party.notified:rights"
    assert browser(bodies["lx"], "焦专").post(address, {}).status_code == 404


def test_what_is_sent_after_signing_out_is_said_to_be_lost(told: Any) -> None:
    _, client, form = told
    page = client.get(form)
    client.post("/logout", hidden(client.get("/desk")))
    sent = client.post(form, {**hidden(page), "facts_found": WORDS})
    assert sent.status_code == 302 and sent["Location"].endswith("&lost=1")
    assert "刚才发来的内容没有收到" in client.get(sent["Location"]).content.decode()
    assert "lost" not in client.get(form)["Location"]
