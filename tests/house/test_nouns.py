"""One noun, one place: to rename a page is one edit, and a menu word spelt elsewhere is noticed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from mingzheng.core import nouns
from tests.catalogue.telling import morning
from tests.catalogue.test_importing_officers import held, sheet, told
from tests.house.conftest import signed_in
from tests.house.reading import modules, templates
from tests.house.test_addresses import scripts, strings

# Nouns of the law itself that sentences need. They are sought where a page is named: as the whole
# of a text, or in quotation marks.
OF_THE_LAW = {
    "portal:home",
    "portal:decisions",
    "portal:officers",
    "cases:property",
    "cases:licences",
    "catalogue:bases",
}
# Where the law's own wording has such a noun in it, and no page is meant.
QUOTED = {
    ("oversight/procedures.py", "公示信息更正申请"),
    ("disclosure/forms/proposing.py", "公示信息发布前要经过审核。"),
    ("cases/forms/licence_ending.py", "许可证件"),
    ("cases/documents/signatures.py", "执法人员"),
    ("desk/views.py", "执法人员"),
    ("records/words.py", "执法人员"),
    ("catalogue/importing.py", "执法依据"),
    ("catalogue/pages.py", "执法依据"),
}
# Who says the nouns: each room in its `apps.py`. What the demo's people write is theirs.
SAID = re.compile(r"(^|/)apps\.py$|^site/demo/")


def spelt(text: str, whole: bool = False) -> list[str]:
    """Pages that a piece of text names by spelling their noun; `whole`: the text is one string."""
    found = []
    for page, noun in nouns.words().items():
        if page in OF_THE_LAW:
            alone = text.strip() == noun if whole else re.search(rf">\s*{noun}\s*<(?!/t[hd])", text)
            if alone or f"“{noun}”" in text or re.search(rf"block title %}}{noun}{{%", text):
                found.append(page)
        elif noun in text:
            found.append(page)
    return found


@pytest.mark.parametrize(
    "bad",
    [
        "<h1>渠道与回执</h1>",
        '<a href="x">\n  执法决定</a>',
        "{% block title %}许可证件{% endblock %}",
        "请到“涉案财物”办理",
        '<section aria-label="公示信息列表">',
    ],
)
def test_a_spelt_noun_is_noticed(bad: str) -> None:
    assert spelt(bad)


@pytest.mark.parametrize(
    "good",
    ["{% word 'disclosure:channels' %}", "吊销许可证件", "重大执法决定", "<th>执法人员</th>"],
)
def test_what_is_no_name_of_a_page_may_be_written(good: str) -> None:
    assert not spelt(good)


def test_no_template_and_no_script_spells_a_noun() -> None:
    shown = [*templates(), *scripts()]
    assert not [f"{path}: {page}" for path, text in shown for page in spelt(text)]


def test_no_code_spells_a_noun() -> None:
    found = {
        (path, piece)
        for path, text in modules()
        if not SAID.search(path)
        for piece in strings(text)
        if spelt(piece, whole=True)
    }
    assert found == QUOTED


def test_to_rename_a_page_is_one_edit(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Menu, heading, crumb, title and refusal say the new noun, and none the old."""
    monkeypatch.setitem(nouns._words, "cases:handover", "移交接手")
    page = signed_in("wg-11").get("/desk/handover").content.decode()
    assert re.search(r"<title>\s*移交接手 · 明证\s*</title>", page)
    assert "<h1>移交接手</h1>" in page and "/</i>移交接手" in page
    assert page.count("移交接手") >= 4 and "人员交接" not in page
    with morning():
        moved = {**held(bodies), "title": "别的职务"}
        assert "请先在“移交接手”登记离岗" in told(bodies, sheet("officers", moved))


def test_to_rename_a_public_page_is_one_edit(
    client: Client, bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(nouns._words, "portal:withdrawals", "撤回记录")
    monkeypatch.setitem(nouns._words, "catalogue:pages", "公开事项")
    page = client.get("/withdrawals").content.decode()
    assert page.count("撤回记录") >= 4 and "撤下记录" not in page
    assert "<h1>" in page and re.search(r"<title>\s*撤回记录", page)
    lists = client.get("/a/wg/lists").content.decode()
    assert "公开事项" in lists and "公示信息" not in lists
    assert "公开事项" in signed_in("wg-01").get("/desk/pages").content.decode()
