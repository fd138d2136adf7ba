"""What the public may take away as proof, what the pages say of it, and that a browser checks it
by itself.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from mingzheng.core.ledger.notes import COSIGNED, Signer
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.jobs.acts import drain
from mingzheng.portal import reading
from mingzheng.records import store
from mingzheng.records.models import Act, ActContent, Cosignature, Head, TimeStamp
from mingzheng.records.seal import seal_pending
from mingzheng.site.headers import CSP
from tests.clause import clause
from tests.portal.test_proofs_bare import VERIFIER
from tests.walks.conftest import BROWSER

WITNESS = Signer("bureau.test/witness", COSIGNED, bytes(range(32)))


@pytest.fixture
def sealed(company: Publication, ledger: Path) -> Publication:
    """A publication whose act is below a signed head."""
    drain()
    seal_pending()
    return company


def text(visitor: Client, address: str, status: int = 200) -> str:
    answer = visitor.get(address)
    assert answer.status_code == status
    return b"".join(answer).decode()


def bare(folder: Path, proof: str, file: bytes) -> tuple[int, str]:
    """The downloaded verifier on a downloaded proof and file."""
    (folder / "a.tlog-proof").write_text(proof, encoding="utf-8")
    (folder / "a.bin").write_bytes(file)
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-E",
            "v.py",
            "a.tlog-proof",
            "a.bin",
            "--vkey",
            (settings.LOG / "vkey").read_text(),
        ],
        cwd=folder,
        env={},
        capture_output=True,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).decode()


@clause("LM-2", "WG-B2", "CX-2")
def test_a_stranger_proves_a_publication_and_a_paper_with_what_the_pages_offer(
    sealed: Publication, visitor: Client, tmp_path: Path
) -> None:
    folder = tmp_path / "stranger"
    folder.mkdir()
    (folder / "v.py").write_text(text(visitor, "/log/verify.py"), encoding="utf-8")
    assert (folder / "v.py").read_bytes() == VERIFIER.read_bytes()
    proof, body = (
        text(visitor, f"/p/{sealed.code}/proof"),
        text(visitor, f"/p/{sealed.code}/text").encode(),
    )
    code, said = bare(folder, proof, body)
    assert code == 0 and "公示内容" in said and "文件相符" in said
    assert bare(folder, proof, body.replace("罚".encode(), "奖".encode()))[0] == 1
    made = Document.objects.filter(record=sealed.record_id).exclude(blob=None).latest("pk")
    code, said = bare(
        folder, text(visitor, f"/q/{made.code}/proof"), store.read(made.blob_id or "")
    )
    assert code == 0 and "文书制成" in said and "文件相符" in said


def test_a_public_proof_names_no_officer(sealed: Publication, visitor: Client) -> None:
    for kind in ("publication.sealed", "document.rendered"):
        for act in Act.objects.filter(record=sealed.record_id, kind=kind):
            content = json.loads(ActContent.objects.get(act=act).body)
            assert act.actor_id is None and "by" not in content and not content["facts"]


def test_the_page_says_since_when_its_content_is_sealed(
    company: Publication, ledger: Path, visitor: Client
) -> None:
    waiting = text(visitor, f"/p/{company.code}")
    assert "存证中" in waiting and "批准公示的一致" in waiting and "/proof" not in waiting
    assert "正在存证" in text(visitor, f"/p/{company.code}/proof", 409)
    seal_pending()
    page = text(visitor, f"/p/{company.code}")
    assert (
        "封存的一致" in page
        and "已封存" in page
        and f"/p/{company.code}/proof" in page
        and "/verify#offline" in page
    )


@pytest.mark.sql
def test_a_text_changed_at_the_root_is_not_the_sealed_one(sealed: Publication) -> None:
    body = json.loads(sealed.body)
    assert reading.proof(sealed, body).same
    sealed.text_hash = hashlib.sha256(b"another").hexdigest()
    assert not reading.proof(sealed, body).same


def test_a_paper_says_since_when_it_is_sealed(sealed: Publication, visitor: Client) -> None:
    made = Document.objects.filter(record=sealed.record_id).exclude(blob=None).latest("pk")
    page = text(visitor, f"/q/{made.code}")
    assert "封存的一致" in page and made.blob_id in page and f"/q/{made.code}/proof" in page
    assert visitor.get("/q/" + "a" * 26 + "/proof").status_code == 404


def test_a_paper_whose_file_is_not_the_sealed_one_says_so(
    sealed: Publication, visitor: Client
) -> None:
    made, other = (
        Document.objects.filter(record=sealed.record_id).exclude(blob=None).order_by("-pk")[:2]
    )
    Document.objects.filter(pk=made.pk).update(blob=other.blob_id)
    page = text(visitor, f"/q/{made.code}")
    assert "对不上" in page and "封存的一致" not in page


def test_a_withdrawn_text_is_not_handed_out_but_its_withdrawal_is_proven(
    gone: Publication, ledger: Path, visitor: Client
) -> None:
    seal_pending()
    assert visitor.get(f"/p/{gone.code}/text").status_code == 404
    assert "c2sp.org/tlog-proof@v1" in text(visitor, f"/p/{gone.code}/proof")
    hidden = Publication.objects.filter(
        state__in=(Publication.PROPOSED, Publication.DROPPED)
    ).first()
    assert hidden is None or visitor.get(f"/p/{hidden.code}/proof").status_code == 404


def with_witness(folder: Path) -> None:
    (folder / "witnesses.toml").write_text(
        'quorum = 1\n[[witness]]\nname = "市司法局"\nurl = "http://127.0.0.1:9/witness"\n'
        f'vkey = "{WITNESS.verifier}"\nrole = "judicial"\n',
        encoding="utf-8",
    )
    head = Head.objects.latest("size")
    line = str(
        WITNESS.sign(head.note.rpartition("\n\n")[0] + "\n", int(head.signed_at.timestamp()))
    )
    Cosignature.objects.create(head=head, witness="市司法局", line=line, stamped_at=head.signed_at)
    TimeStamp.objects.create(
        head=head, authority="http://tsa.test/", token=b"\x30\x00", stamped_at=head.signed_at
    )


def test_the_verification_page_shows_key_head_witnesses_and_stamps(
    sealed: Publication, ledger: Path, visitor: Client
) -> None:
    with_witness(ledger)
    page, size = text(visitor, "/verify"), Head.objects.latest("size").size
    assert (settings.LOG / "vkey").read_text().strip() in page and f"{size} 条" in page
    assert (
        "市司法局" in page
        and "司法行政机关" in page
        and f"见证到第 <b>{size}</b> 条" in page
        and page.count("<svg") > 3
    )
    assert "bureau.test/witness" in text(visitor, f"/log/head/{size}")
    stamp = visitor.get(f"/log/stamp/{TimeStamp.objects.get().pk}")
    assert stamp.content == b"\x30\x00" and "http://tsa.test/" in page


def test_before_anything_is_sealed_the_page_says_so(visitor: Client, ledger: Path) -> None:
    assert "还没有封存过记录" in text(visitor, "/verify")


@contextmanager
def opened(html: str, base: str) -> Iterator[Any]:
    """The page in a real browser, 360 wide, every request answered here: nothing goes anywhere,
    and what it asks for is counted.

    The record is not read meanwhile: beside the driver's event loop Django would keep another
    connection.
    """
    from playwright.sync_api import sync_playwright

    def answer(route: Any) -> None:
        path = route.request.url[len(base) :]
        page.asked.append((route.request.method, path))
        if path.startswith("/static/"):
            route.fulfill(path=f"{settings.ROOT}/mingzheng/site{path}")
        else:
            route.fulfill(
                body=html,
                headers={
                    "Content-Type": "text/html; charset=utf-8",
                    "Content-Security-Policy": CSP,
                },
            )

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER)
        page = browser.new_page(viewport={"width": 360, "height": 780})
        page.asked = []
        page.route("**/*", answer)
        page.goto(f"{base}/verify")
        yield page
        browser.close()


def verdict(page: Any, proof: str, file: bytes | None = None) -> str:
    page.set_input_files(
        "#pf", {"name": "a.tlog-proof", "mimeType": "text/plain", "buffer": proof.encode()}
    )
    page.set_input_files(
        "#ff",
        [] if file is None else {"name": "a.json", "mimeType": "application/json", "buffer": file},
    )
    page.evaluate("document.querySelector('[data-result]').hidden = true")
    page.click("form[data-verify] button")
    page.wait_for_selector("[data-result]:not([hidden])")
    return str(page.inner_text("[data-result]"))


# https: WebCrypto is there; plain http to another host: it is not, and the page computes by itself.
@pytest.mark.parametrize("base", ["https://portal.test", "http://portal.test"])
def test_the_browser_checks_without_sending_anything(
    sealed: Publication, ledger: Path, visitor: Client, base: str
) -> None:
    with_witness(ledger)
    proof, body = (
        text(visitor, f"/p/{sealed.code}/proof"),
        text(visitor, f"/p/{sealed.code}/text").encode(),
    )
    with opened(text(visitor, "/verify"), base) as page:
        check_page(page, base, proof, body, sealed.text_hash)


def check_page(page: Any, base: str, proof: str, body: bytes, fingerprint: str) -> None:
    assert page.evaluate("!!(window.crypto && crypto.subtle)") is base.startswith("https")
    asked = len(page.asked)
    said = verdict(page, proof, body)
    assert "内容与封存的一致" in said and "市司法局" in said and fingerprint in said
    assert "证明成立" in verdict(page, proof)
    assert "对不上" in verdict(page, proof, body + b" ")
    at = proof.index("\n\n") - 20
    for bad in (
        proof[:at] + ("B" if proof[at] != "B" else "C") + proof[at + 1 :],
        proof.replace("index ", "index 1"),
        proof[:-20] + ("A" if proof[-20] != "A" else "B") + proof[-19:],
    ):
        assert "对不上" in verdict(page, bad) or "没有核对成" in verdict(page, bad)
    assert "没有核对成" in verdict(page, "hello")
    # Parts of the page itself may still come in late on a busy machine; nothing else leaves it.
    assert not [
        each
        for each in page.asked[asked:]
        if each[0] != "GET" or not each[1].startswith("/static/")
    ]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
