"""A phone for the tests: real Chromium with a camera that shows a test picture, a profile that
outlives it, and a plug to pull.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mingzheng.core import clock
from tests.scenes import doors
from tests.scenes.waiting import answered, until
from tests.walks.conftest import BROWSER

CAMERA = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--headless=new",
    "--mute-audio",
]
SIZE = {"width": 360, "height": 740}


class Phone:
    """`page` is the one page; `errors` what its console complained of."""

    def __init__(self, player: Any, base: str, data: Path, profile: Path, *args: str) -> None:
        self.player, self.base, self.data, self.profile, self.args = (
            player,
            base,
            data,
            profile,
            args,
        )
        self.errors: list[str] = []
        self.start()

    def start(self) -> None:
        """Switch it on; what lies in the profile is there again."""
        path = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [
                path,
                *BROWSER,
                *CAMERA,
                *self.args,
                f"--user-data-dir={self.profile}",
                f"--remote-debugging-port={port}",
                "--lang=zh-CN",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

        def version() -> Any:
            address = f"http://127.0.0.1:{port}/json/version"
            with urllib.request.urlopen(address, timeout=2) as answer:
                return json.load(answer)

        assert answered(version), "the browser does not answer"
        self.browser = self.player.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context = self.browser.contexts[0]
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.set_viewport_size(SIZE)
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda _: doors.came("browser"))
        self.page.on(
            "console",
            lambda line: (
                self.errors.append(line.text) if "Content Security Policy" in line.text else None
            ),
        )

    def kill(self) -> None:
        """The battery is out: no page hears of it."""
        self.process.kill()
        self.process.wait()

    def tell_time(self) -> None:
        """The server's clock shows the hour that the story has reached; from now on it is to go as
        the phone's does.
        """
        self.told, self.since = clock.now(), time.monotonic()
        (self.data / "clock.txt").write_text(self.told.isoformat())

    def time_goes_on(self, more: timedelta = timedelta()) -> datetime:
        """The server's clock catches up with what has passed here, and `more`."""
        now: datetime = self.told + timedelta(seconds=time.monotonic() - self.since) + more
        (self.data / "clock.txt").write_text(now.isoformat())
        return now

    def sign_in(self, login: str) -> None:
        """As one of the demo's people."""
        self.page.goto(self.base + "/demo")
        self.page.locator(f'button[value="{login}"]').first.click()
        self.page.wait_for_url("**/desk")

    def open(self) -> None:
        """The capture page, with its shell kept for a time without a network."""
        self.page.goto(self.base + "/capture")
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        self.page.locator(".picks a").first.wait_for()
        come = until(lambda: all("kinds" in row for row in self.stored("matters")))
        assert come, "the matters did not come"

    def offline(self, on: bool = True) -> None:
        """No network, or again; the worker's line too, which the page's switch does not reach."""
        self.context.set_offline(on)

    def fill(self, values: dict[str, Any]) -> None:
        """Answer the fields of the form on the screen by their names."""
        for name, value in values.items():
            wanted = [str(each) for each in (value if isinstance(value, list) else [value])]
            field = self.page.locator(f'form.ask [name="{name}"]')
            if not field.count():
                continue
            if (field.first.get_attribute("type") or "") in ("radio", "checkbox"):
                for box in field.all():
                    on = box.get_attribute("value") in wanted
                    if box.get_attribute("type") == "checkbox" or on:
                        box.set_checked(on)
            elif field.first.evaluate("each => each.tagName") == "SELECT":
                field.first.select_option(wanted[0])
            else:
                field.first.fill(wanted[0])

    def keep(self) -> None:
        """Press the button that stores the form on the phone."""
        self.page.get_by_role("button", name="存到本机").click()
        self.page.locator("ol.stp").wait_for()

    def stored(self, store: str) -> list[dict[str, Any]]:
        """Everything of one store of this phone."""
        found: list[dict[str, Any]] = self.page.evaluate(
            """async (name) => { const keep = await import("/static/capture/storage.js");
               return name === "files" ? keep.allFiles() : name === "things" ? keep.things() : keep.matters(); }""",
            store,
        )
        return found

    def taken_in(self, wanted: int) -> None:
        """Until so many things are on the record."""

        def come() -> bool:
            states = [each["state"] for each in self.stored("things")]
            return sum(state in ("done", "held", "sealed") for state in states) >= wanted

        assert until(come), [
            (each["kind"], each["state"], each["say"], each["missing"])
            for each in self.stored("things")
        ]

    def close(self) -> None:
        """Put it away."""
        self.browser.close()
        self.process.kill()
        self.process.wait()
