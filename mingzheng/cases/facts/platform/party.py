"""The counterpart's columns, which the tables of cases have in common."""

from __future__ import annotations

from datetime import date

from mingzheng.cases.facts.platform.matter import Matter, yes
from mingzheng.cases.models import CaseParty
from mingzheng.core.redaction.identifiers import is_id


def columns(matter: Matter, on: date | None, address: str = "ADDRESS") -> dict[str, str]:
    """Who the counterpart is; `on` is the day that his age is counted for, `address` the column of
    a firm's address.

    Of several counterparts the first: the platform knows one a case.
    """
    who = matter.party
    if who is None:
        return {}
    if who.kind == "organisation":
        return {
            "PARTY_TYPE": who.kind,
            "COMPANY_NAME": who.name,
            "PRINCIPAL": who.representative,
            "ORGANIZATION_CODE": who.identifier[8:17],
            address: who.address,
            "CONTACT_PHONE_LEGALPERSON": who.phone,
            "IS_SELFEMPLOYED": yes(False),
        }
    return _natural(who, on) if who.kind == "natural" else _business(who)


def _natural(who: CaseParty, on: date | None) -> dict[str, str]:
    born = who.identifier if is_id(who.identifier) else ""
    return {
        "PARTY_TYPE": who.kind,
        "CITIZEN_NAME": who.name,
        "CITIZEN_CARD_TYPE": "identity" if who.identifier else "",
        "CITIZEN_CARD_CODE": who.identifier,
        "CITIZEN_ADDRESS": who.address,
        "CONTACT_PHONE_CITIZEN": who.phone,
        "IS_SELFEMPLOYED": yes(False),
        # The seventeenth digit of an identity number is odd for men (GB 11643).
        "CITIZEN_SEX": ("male" if int(born[16]) % 2 else "female") if born else "",
        "CITIZEN_AGE": _age(born, on),
    }


def _age(born: str, on: date | None) -> str:
    if not born or on is None:
        return ""
    year, month, day = int(born[6:10]), int(born[10:12]), int(born[12:14])
    return str(on.year - year - ((on.month, on.day) < (month, day)))


def _business(who: CaseParty) -> dict[str, str]:
    return {
        "PARTY_TYPE": who.kind,
        "CITIZEN_NAME": who.representative,
        "CONTACT_PHONE_CITIZEN": who.phone,
        "IS_SELFEMPLOYED": yes(True),
        "SELFEMPLOYED_CODE": who.name,
        "SELFEMPLOYED_CHARTERED_CODE": who.identifier,
        "SELFEMPLOYED_ADDRESS": who.address,
    }


def credit_code(matter: Matter) -> str:
    """The unified social credit code of a firm; a business of one person has its own column."""
    return matter.party.identifier if matter.party and matter.party.kind == "organisation" else ""
