"""What the platform wants of the agency itself: body, officers, bases, powers and discretion,
licence items, as they are today.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from mingzheng.agencies.models import Agency, Certificate
from mingzheng.catalogue import bases, categories
from mingzheng.catalogue.models import Item
from mingzheng.procedures.reporting import Row, Tables


def of(agency: Agency, on: date) -> Tables:
    """The standing tables; a basis that was repealed stays in the list, as no longer in force."""
    items = list(
        Item.objects.filter(agency=agency, since__lte=on)
        .filter(Q(until=None) | Q(until__gte=on))
        .order_by("code")
    )
    return {
        "PermissionItem": [_licence(item, agency) for item in items if item.kind == "licence"],
        "Subject": [
            {
                "SUB_NAME": agency.name,
                "CODE": agency.uscc,
                "AREA": agency.region,
                "NATURE": Agency.KINDS.get(agency.kind, ""),
                "IS_DEPUTE": "yes" if agency.kind == "delegated" else "no",
                "ENTRUST_NATURE": "agency" if agency.kind == "statutory" else "",
                "ORGANIZATION_CODE": agency.uscc[8:17],
                "TELEPHONE": agency.phone,
                "ADDRESS": agency.address,
            }
        ],
        "TblOfficials": _officials(agency, on),
        "TblLawInfo": [
            {
                "NAME": row.name,
                "WORD": row.number,
                "SUBMITLAW_LEVEL": bases.rank_name(row),
                "IMPLEMENTATION": row.effective_on.isoformat(),
                "TIMELINESS": (
                    "repealed" if (ended := bases.repealed_on(row)) and ended <= on else "in-force"
                ),
            }
            for row in bases.of(agency)
        ],
        "Power": [
            {
                "NAME": item.name,
                "CODE": item.code,
                "POWER_TYPE": item.category,
                "SUBJECT_DESC": agency.acting_name,
                "SUBJECT_ID": agency.uscc,
            }
            for item in items
            if item.kind != categories.SERVICE
        ],
        "PowerDiscretionary": [
            {
                "CODE": item.code,
                "ILLEGAL_FACT": str(step["when"]),
                "PUNISH_STANDARD": str(step["penalty"]),
                "SUBJECT_ID": agency.uscc,
            }
            for item in items
            for step in item.discretion
        ],
    }


def _licence(item: Item, agency: Agency) -> Row:
    return {
        "XK_SXBM": item.code,
        "XK_SXMC": item.name,
        "XK_GSDW": agency.name,
        "XK_SXJGLX": "certificate" if item.details.get("certificate") else "",
    }


def _officials(agency: Agency, on: date) -> list[Row]:
    """Officers whose certificate is valid today, without anything that the certificate does not
    say.
    """
    held = Certificate.objects.filter(
        agency=agency, state=Certificate.VALID, since__lte=on, until__gte=on
    ).select_related("person")
    titles = dict(
        agency.posts.filter(Q(until=None) | Q(until__gte=on), since__lte=on)
        .order_by("-pk")
        .values_list("person_id", "title")
    )
    return [
        {
            "name": row.person.name,
            "department_code": row.number,
            "job": titles.get(row.person_id, ""),
            "person_type": "handler",
            "department_gettime": row.since.isoformat(),
            "dept_effective_time": row.until.isoformat(),
            "is_getcode": "yes",
            "power_types": "；".join(categories.kind_name(kind) for kind in row.scope),
            "work_unit": agency.name,
        }
        for row in held.order_by("number")
    ]
