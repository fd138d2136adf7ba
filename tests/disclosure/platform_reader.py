"""A reader of the provincial platform's file written from the published field list alone: it
shares no code with the product.

`platform_fields.txt` holds the published columns; the codes stand here as they were published.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

from tests.disclosure.independent import credit_code

Rows = list[dict[str, str]]
# Columns that tie a row to its case where the published table has none; the file adds them in
# front.
TIED = {
    "TBL_CASE_COMMON_CASE_SOURCE": "CASE_CODE",
    "TBL_CASE_COMMON_PUNISH": "CASE_CODE",
    "TBL_CASE_COMMON_STAFF": "CASE_CODE",
    "TBL_POWER_DISCRETIONARY": "CODE",
}
# child → (its column, parent, the parent's column)
BELONGS = {
    **{
        name: ("CASE_CODE", "TBL_CASE_COMMON_BASE", "CASE_CODE")
        for name in (
            "TBL_CASE_COMMON_CASE_SOURCE",
            "TBL_CASE_COMMON_PUNISH",
            "TBL_CASE_COMMON_STAFF",
            "TBL_CASE_COMMON_NOPUNISHMENT",
        )
    },
    **{
        name: ("COERCION_CASE_ID", "TBL_COERCION_CASE_BASIC", "CASE_CODE")
        for name in (
            "TBL_COERCION_CASE_MEASURE",
            "TBL_COERCION_CASE_PERFORM",
            "TBL_COERCION_COURT_PERFORM",
        )
    },
    "TBL_INSP_RECORD_DETAIL": ("RECORD_MAIN_ID", "TBL_INSP_RECORD_MAIN", "INSPECTION_NUMBER"),
}
WAYS = {"01", "02", "03", "04", "05"}
FLAG = {"0", "1"}
CODES = {
    "TBL_CASE_COMMON_BASE": {
        "PARTY_TYPE": {"1", "2", "9"},
        "CITIZEN_SEX": {"1", "2"},
        "CITIZEN_CARD_TYPE": {"01", "02", "03", "04", "99"},
        "SENT_WAY": WAYS,
        "PP_SENT_WAY": WAYS,
        "PUNISH_HEARING_SEND_WAY": WAYS,
        "CURRENT_STATE": {"01", "02", "03", "04", "05", "06"},
        "DATA_SOURCE": {"1", "2"},
        "CASE_SOURCE": {"1", "2", "3", "4", "5", "6", "9"},
        "CLOSED_STATE": {"01", "02", "03", "04", "98"},
        "IS_PLOT": {"0", "1", "2", "3"},
        "IS_NEXT": {"0", "1", "2", "3", "4"},
        "ILLEGAL_EVIDENCE_TYPE": {f"0{n}" for n in range(1, 9)},
        **dict.fromkeys(
            (
                "IS_WARN",
                "IS_FINE",
                "IS_CONFISCATE",
                "IS_CONFIS_PROPERTY",
                "IS_TD_LICENSE",
                "IS_FORCE",
                "IS_DISTRESS",
                "IS_DTAIN_PROPERTY",
                "IS_FRESS",
                "IS_ORTHER_FORCE",
                "IS_HEARING",
                "IS_TRANSFER",
                "IS_RECONSIDERATION",
                "IS_LAWSUIT",
                "IS_PARTY_APPLY_HEARING",
                "IS_DEAL_HEARING",
                "IS_SAVE_PRIOR_EVIDENCE",
                "IS_DELAY_SEARCH",
                "IS_END_CASE",
                "IS_MAJOR_CASE",
                "IS_OTHER",
            ),
            FLAG,
        ),
    },
    "TBL_CASE_COMMON_CASE_SOURCE": {
        "COMMON_CASE_TYPE": {"01", "02", "03", "04", "99"},
        "COMMON_CASE_SOURCE": {"1", "2", "3", "4", "5", "6", "9"},
        "COMMON_CASE_PERSON": {""},
        "COMMON_CASE_PHONE": {""},
    },
    "TBL_CASE_SIMPLE_BASE": {
        "PARTY_TYPE": {"1", "2", "3"},
        "IS_WARN": FLAG,
        "IS_FINE": FLAG,
        "CURRENT_STATE": {"01", "02"},
        "IS_PUNISHMENT": {"1", "2"},
        "DATA_SOURCE": FLAG,
        "IS_END_CASE": FLAG,
    },
    "TBL_COERCION_CASE_BASIC": {
        "CASE_SOURCE_TYPE": {"100", "200", "300"},
        "CREATE_TYPE": {"1", "2"},
    },
    "TBL_COERCION_CASE_MEASURE": {
        "CD_SEND_TYPE": WAYS,
        "IS_PARTY_PRESENT": {"1", "2"},
        "IS_DETENTION_PARTY_PRESENT": {"1", "2"},
    },
    "TBL_INSP_RECORD_MAIN": {"IS_INSPECTION_PASS": {"1", "2"}},
    "TBL_INSP_RECORD_DETAIL": {"IS_INSPECTION_PASS": {"1", "2"}, "ITEM_SRC_TYPE": {"1", "2"}},
    "JD_XK_PERMISSION_LIST": {
        "XK_XDR_TYPE": {"01", "02", "03", "04"},
        "XK_XDR_ZJLX": {"01", "02", "03", "04", "05"},
        "XK_XKLB": {"01", "02", "03", "04", "05", "06"},
    },
    "JD_XK_PERMISSION_ITEM": {"XK_SXJGLX": {"01", "02", "03", "04", "05"}, "XK_BJLX": {"01", "02"}},
    "TBL_BASE_PERSON": {"person_type": {"01", "02"}},
    "TBL_BASE_LAW": {"TIMELINESS": {"01", "02"}},
}
ONCE = {
    "CASE_CODE": ("TBL_CASE_COMMON_BASE", "TBL_CASE_SIMPLE_BASE", "TBL_COERCION_CASE_BASIC"),
    "INSPECTION_NUMBER": ("TBL_INSP_RECORD_MAIN",),
    "PUNISHMENT_CODE": ("TBL_CASE_COMMON_BASE", "TBL_CASE_SIMPLE_BASE"),
    "XK_WSH": ("JD_XK_PERMISSION_LIST",),
}
CREDIT = ("UNIFORM_CREDIT_CODE", "SELFEMPLOYED_CHARTERED_CODE", "XK_XDR_SHXYM", "XK_XKJGDM")
# Days that may lie ahead of the day of the file.
AHEAD = {
    "ORDERCORRECT_LIMI_CORRECT_DATE",
    "POSTPONED_TO_DELAY",
    "DEADLINE_STAGE",
    "DELAY_END_DATE_SEARCH",
    "MEASURE_DATE_LIMIT_END",
    "MEASURE_DELAY_DATE_END",
    "PERFORM_ENFORCE_DATE",
    "XK_YXQZ",
    "XK_YXQZI",
    "dept_effective_time",
    "effective_time",
    "REVOKE_DATE",
    "IMPLEMENTATION",
}
ORDER = (
    ("FILING_DATE", "PUNISHMENT_DATE"),
    ("PUNISHMENT_DATE", "PD_SENT_DATE"),
    ("FILING_DATE", "CLOSED_DATE"),
    ("XK_YXQZ", "XK_YXQZI"),
)


def published() -> dict[str, dict[str, str]]:
    """table → column → S, I, N or D."""
    blocks = (
        (Path(__file__).parent / "platform_fields.txt")
        .read_text(encoding="utf-8")
        .split("\n\n")[1:]
    )
    return {
        words[0]: dict(word.split(":") for word in words[1:]) for words in map(str.split, blocks)
    }


def read(data: bytes, today: date) -> tuple[dict[str, Rows], list[str]]:
    """Every table's rows, and every fault in the file."""
    faults: list[str] = []
    book = zipfile.ZipFile(io.BytesIO(data))
    manifest = json.loads(book.read("manifest.json"))
    if sorted(book.namelist()) != sorted(
        ["manifest.json", *(each["file"] for each in manifest["tables"])]
    ):
        faults.append("files")
    found: dict[str, Rows] = {}
    for each in manifest["tables"]:
        body = book.read(each["file"])
        if hashlib.sha256(body).hexdigest() != each["sha256"]:
            faults.append(f"{each['file']} altered")
        found[each["table"]] = _sheet(each["table"], body, faults)
        if len(found[each["table"]]) != each["rows"]:
            faults.append(f"{each['file']} {each['rows']} rows")
    for name, rows in found.items():
        for row in rows:
            faults += [f"{name}: {fault}" for fault in check(name, row, today)]
    return found, faults + _together(found)


def _sheet(name: str, body: bytes, faults: list[str]) -> Rows:
    lines = list(load_workbook(io.BytesIO(body)).active.iter_rows())
    faults += [
        f"{name} {cell.coordinate} is no text"
        for line in lines
        for cell in line
        if cell.value is not None and cell.data_type != "s"
    ]
    heads = [str(cell.value) for cell in lines[0]]
    if heads != [*([TIED[name]] if name in TIED else []), *published()[name]]:
        faults.append(f"{name} has other columns")
    return [
        {
            head: "" if cell.value is None else str(cell.value)
            for head, cell in zip(heads, line, strict=True)
        }
        for line in lines[2:]
    ]


def check(name: str, row: dict[str, str], today: date) -> list[str]:
    """What the platform refuses in one row."""
    found = []
    for column, kind in published()[name].items():
        text = row[column]
        codes = CODES.get(name, {}).get(column)
        if codes and text and not set(text.split(",")) <= codes or codes == {""} and text:
            found.append(f"{column} code {text}")
        if not text:
            continue
        if kind == "D" and (day(text) is None or column not in AHEAD and day(text) > today):  # type: ignore[operator]
            found.append(f"{column} day {text}")
        if (
            kind == "I"
            and not re.fullmatch(r"\d+", text)
            or kind == "N"
            and not re.fullmatch(r"\d+(\.\d\d?)?", text)
        ):
            found.append(f"{column} figure {text}")
        if column in CREDIT and not credit_code(text):
            found.append(f"{column} credit code {text}")
        if column in ("CITIZEN_CARD_CODE", "XK_XDR_ZJHM") and not citizen(text):
            found.append(f"{column} identity {text}")
    for first, then in ORDER:
        begin, end = day(row.get(first, "")), day(row.get(then, ""))
        if begin and end and end < begin:
            found.append(f"{then} before {first}")
    return found


def _together(found: dict[str, Rows]) -> list[str]:
    faults = []
    for column, names in ONCE.items():
        for name in names:
            values = [row[column] for row in found.get(name, []) if row[column]]
            faults += [f"{name} {column} twice"] if len(values) != len(set(values)) else []
    for child, (column, parent, key) in BELONGS.items():
        known = {row[key] for row in found.get(parent, [])}
        faults += [
            f"{child} {row[column]} belongs to nothing"
            for row in found.get(child, [])
            if row[column] not in known
        ]
    return faults


def citizen(number: str) -> bool:
    """GB 11643."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(number[:17]))
    return number[17] == "10X98765432"[total % 11]


def day(text: str) -> date | None:
    """YYYY-MM-DD."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None
