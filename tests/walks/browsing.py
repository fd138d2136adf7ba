"""A case that is played in a browser: the same story, but every step is a page that somebody fills
in.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from mingzheng.agencies.models import Account, Agency
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures.models import Proposal
from mingzheng.records import store
from mingzheng.records.models import Record
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play

# Answers every field of the form that a person could answer now, in one question to the browser, as
# each has its price: only what is seen, not barred and no longer than it may be, with the events
# that typing makes. The names that are left are answered one by one, and fail there with a reason.
FILL = """said => {
    const open = on => !on.disabled && !on.readOnly && on.checkVisibility({visibilityProperty: true})
        && on.getBoundingClientRect().width > 0;
    const told = on => ["input", "change"].forEach(each => on.dispatchEvent(new Event(each, {bubbles: true})));
    const left = [];
    for (const [name, wanted] of said) {
        const fields = [...document.querySelectorAll(`#act [name="${CSS.escape(name)}"]`)];
        const first = fields[0];
        if (!first) continue;
        if (["radio", "checkbox"].includes(first.type)) {
            const turned = fields.filter(on => {
                const is = wanted.includes(on.getAttribute("value") || "on");
                return on.checked !== is && (is || on.type === "checkbox");
            });
            if (!turned.every(open)) { left.push(name); continue; }
            turned.forEach(on => on.click());
        } else if (!open(first)) {
            left.push(name);
        } else if (first.tagName === "SELECT") {
            const row = [...first.options].find(each => each.value === wanted[0] || each.label === wanted[0]);
            if (!row || row.disabled) { left.push(name); continue; }
            first.focus(); row.selected = true; told(first);
        } else {
            if (first.maxLength >= 0 && wanted[0].length > first.maxLength) { left.push(name); continue; }
            first.focus(); first.value = wanted[0]; told(first);
            if (first.value !== wanted[0].replace(/\\r\\n?/g, "\\n")) left.push(name);
        }
    }
    return left;
}"""
# The names in the form and what each is.
FIELDS = "[...document.querySelectorAll('#act [name]')].map(each => [each.name, each.type])"


def followed(page: Any, name: str, role: str = "button") -> None:
    """Press what has this name and wait for the whole page that it leads to: a click alone is over
    as soon as the new page begins, and what is counted then may not be there yet.
    """
    with page.expect_navigation():
        page.get_by_role(role, name=name).click()


class BrowserPlay(Play):
    """Takes the steps of `Play` through the pages; `page` is a playwright page, `base` the
    address.
    """

    def __init__(self, page: Any, base: str, data: Path, *args: Any, **source: Any) -> None:
        super().__init__(*args, **source)
        self.page, self.base, self.data = page, base, data
        self.login = ""
        self.clicking = False
        self.met: list[str] = []

    def tell_time(self) -> None:
        """The server's clock shows the hour that the story has reached."""
        (self.data / "clock.txt").write_text(clock.now().isoformat())

    def go(self, address: str) -> Any:
        """Open a page at the hour that the story has reached."""
        self.tell_time()
        return self.page.goto(self.base + address)

    def be(self, name: str) -> None:
        """Switch to another person: what a button on the page of demo people sends, which the next
        page of the story follows.
        """
        login = Account.objects.get(person__posts__agency=self.body, person__name=name).login
        if login == self.login:
            return
        self.tell_time()
        keys = [each for each in self.page.context.cookies() if each["name"] == "csrftoken"]
        if not keys:
            self.go("/demo")
            self.page.locator(f'button[value="{login}"]').first.click()
            self.page.wait_for_url("**/desk")
        else:
            answer = self.page.request.post(
                f"{self.base}/demo",
                form={"login": login, "csrfmiddlewaretoken": keys[0]["value"]},
                max_redirects=0,
            )
            assert (answer.status, answer.headers["location"]) == (302, "/desk"), answer.status
        self.login = login

    def fill(self, values: dict[str, Any]) -> None:
        """Answer the fields of the form by their names."""
        said = {
            name: ["" if each is None else str(each) for each in value]
            if isinstance(value, (list, tuple))
            else ["" if value is None else str(value)]
            for name, value in values.items()
        }
        left = self.page.evaluate(FILL, list(said.items()))
        kinds = dict(self.page.evaluate(FIELDS)) if left else {}
        for name in left:
            field, kind, wanted = (
                self.page.locator(f'#act [name="{name}"]'),
                kinds[name],
                said[name],
            )
            if kind in ("radio", "checkbox"):
                for box in field.all():
                    # A single tick has no value of its own.
                    on = (box.get_attribute("value") or "on") in wanted
                    box.set_checked(on) if kind == "checkbox" else (box.check() if on else None)
            elif kind.startswith("select"):
                field.first.select_option(wanted[0])
            else:
                field.first.fill(wanted[0])

    def send(self) -> None:
        """Press the button of the form and wait for the next page."""
        with self.page.expect_navigation():
            self.page.locator('button.btn-p[form="act"]').click()

    def begin(self, code: str, by: str = "", **values: Any) -> Record:
        """Begin a matter of any kind: from the workbench to the list of openings, to its form."""
        self.be(by or self.officers[0])
        self.go("/desk/cases/new")
        with self.page.expect_navigation():
            self.page.locator(f'main a[href="/desk/cases/new/{code}"]').first.click()
        self.fill(
            {
                "item": Item.objects.get(agency=self.body, code=self.item).pk,
                "happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"),
                "party_kind": self.party["kind"],
                "party_name": self.party["name"],
                "identifier": self.party["identifier"],
                "representative": self.party.get("representative", ""),
                "address": self.party["address"],
                "phone": self.party.get("phone", ""),
                **values,
            }
        )
        self.send()
        if "/desk/cases/new" not in self.page.url:
            self.record = Record.objects.latest("pk")
        return self.record

    def opened(self, key: str) -> bool:
        """The form of a step, reached as this person reaches it; False when it is not to be had."""
        address = f"/desk/cases/{self.record.pk}"
        if self.clicking:
            self.go(address)
            link = self.page.locator(f'main a[href="{address}/do/{key}"]:visible')
            if link.count():
                with self.page.expect_navigation():
                    link.first.click()
                return True
        return bool(self.go(f"{address}/do/{key}").status == 200)

    def step(self, key: str, by: str = "", files: Any = (), **values: Any) -> Any:
        """Take a step on its page; the page left behind says whether it was done."""
        self.try_step(key, by, files, **values)
        assert "/do/" not in self.page.url, f"{key}: {self.page.locator('main').inner_text()[:600]}"
        self.record.refresh_from_db()

    def try_step(self, key: str, by: str = "", files: Any = (), **values: Any) -> None:
        """Fill in and send the form of a step."""
        self.be(by or self.officers[0])
        if not self.opened(key):
            return
        self.fill(values)
        if files:
            self.page.locator("#files").set_input_files(
                [
                    {
                        "name": name,
                        "mimeType": stored.media_type,
                        "buffer": store.read(stored.sha256),
                    }
                    for stored, name, _ in files
                ]
            )
            if self.page.locator("[data-uploads]").count():
                self.page.locator(".ul-ok").nth(len(files) - 1).wait_for()
        self.send()

    def refused(self, words: str, key: str, by: str = "", files: Any = (), **values: Any) -> None:
        """Try a step; the page says no in these words and nothing was added to the record."""
        acts = self.record.acts.exclude(actor_id=None).count()
        self.try_step(key, by, files, **values)
        self.reads(words)
        assert self.record.acts.exclude(actor_id=None).count() == acts, (
            f"{key} was refused, yet something was written"
        )

    def reads(self, words: str) -> None:
        """The page shows these words."""
        shown = self.page.locator("main").inner_text()
        assert words in shown, f"{words} is not on {self.page.url}: {shown[:1500]}"
        self.met.append(words)

    def agree(self, *names: str, opinion: str = "同意") -> None:
        """These people agree on the page of the proposal."""
        for name in names:
            found = Proposal.objects.get(record=self.record, state=Proposal.OPEN)
            self.be(name)
            self.go(f"/desk/proposals/{found.pk}")
            self.page.fill("#op", opinion)
            with self.page.expect_navigation():
                self.page.click('button[value="agree"]')
            assert f"/desk/cases/{self.record.pk}" in self.page.url, self.page.locator(
                "main"
            ).inner_text()[:600]
        self.record.refresh_from_db()


def going_on(installation: Any, page: Any, number: int, until: str) -> Journey:
    """A case of the industry bureau that was taken `until` there before; from here on everything happens on
    the pages.
    """
    agency = Agency.objects.get(code="wg")
    row = Item.objects.get(agency=agency, code="jn-71")
    said = (agency, stories.OFFICERS["wg"], parties.company("wg", number), "jn-71")
    cause = {"cause": "使用国家明令淘汰的用能设备", "summary": stories.TEXTS["jn-71"]["facts"]}
    told = {**stories.TEXTS["jn-71"], "broken": row.broken, "applied": row.applied}
    before = Journey(Play(*said, **cause), date(2026, 4, 7), **told).go(until)
    play = BrowserPlay(page, installation.base, installation.data, *said, **cause)
    play.record = before.play.record
    return Journey(play, before.day, **told)
