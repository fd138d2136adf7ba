"""Which tables and keys a pack may hold, and the kind of value each key takes."""

# Kinds: text texts flag day count within by unit when acts needs ids rows table rate tables any
COMMON = {
    "id": "text", "source": "text", "text": "text", "topic": "text", "when": "when",
    "since": "day", "until": "day", "judged_on": "text", "confirmed": "flag", "note": "text",
    "statutory": "flag", "floor": "flag", "may_differ": "texts", "if_read": "table",
    "rank": "text", "title": "text", "displaces": "texts", "yields_to": "texts",
}
KEYS: dict[str, dict[str, str]] = {
    "duty": {
        "after": "acts", "then": "acts", "or": "acts", "within": "within", "unit": "unit",
        "no_later": "text", "same_as": "text", "day0": "texts", "by": "text",
        "channels": "texts", "channel": "texts", "to": "texts", "per": "text", "none": "flag",
        "roll": "flag", "route": "text", "mode": "text",
    },
    "gate": {
        "before": "acts", "needs": "needs", "bars": "flag", "mode": "text", "by": "text",
        "per": "text", "route": "text", "own_rank": "text", "soft": "flag",
    },
    "undo": {"act": "acts", "undoes": "acts"},
    "condition": {"any": "tables", "all": "tables"},
    "term": {
        "after": "acts", "channel": "texts", "channels": "texts", "lasts": "within",
        "unit": "unit", "limit": "text", "or_until": "text", "may_end": "table", "then": "acts",
        "route": "text", "day0": "texts", "roll": "flag", "none": "flag", "to": "texts",
    },
    "route": {"steps": "steps", "by": "text"},
    "list": {"merge": "text", "rows": "rows", "waiver": "table", "closed": "flag", "act": "acts"},
    "suspension": {"of": "texts", "from": "acts", "until": "acts", "needs": "needs",
                   "route": "text", "in_force_until": "day"},
    "extension": {"of": "texts", "by": "by", "unit": "unit", "times": "by", "route": "text",
                  "needs": "needs"},
    "count": {
        "window": "acts", "one_per": "text", "heaviest": "texts", "money": "table",
        "unit": "text", "by": "text", "counts": "any", "excludes": "any", "rows": "rows",
        "columns": "texts",
    },
    "unset": {"refers_to": "text", "after": "acts", "channels": "texts"},
    "defect": {"at": "text", "readings": "texts", "default": "text"},
    "choice": {"at": "text", "is": "text", "by": "text", "on": "day"},
    "fact": {"type": "text", "ask": "text", "name": "text", "choices": "choices", "open": "flag",
             "unit": "text", "options": "texts"},
    "paper": {"by": "text", "to": "texts", "fields": "texts", "per": "text", "after": "acts"},
    "quota": {"part": "acts", "whole": "text", "at_least": "count", "at_most": "count",
              "unit": "text", "window": "text"},
    "citation": {"name": "text", "successor": "text", "number": "text"},
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "duty": ("id", "topic", "after"), "gate": ("id", "before"), "undo": ("act", "undoes"),
    "condition": ("id",), "term": ("id", "topic", "after"), "route": ("id", "steps"),
    "list": ("id", "rows"), "suspension": ("of", "from", "until"), "extension": ("of", "by"),
    "count": ("id",), "unset": ("topic",), "defect": ("at", "text"), "choice": ("at", "is"),
    "fact": ("id", "type"), "paper": ("id", "title"), "quota": ("id", "part", "whole"),
    "citation": ("name",),
}
NEEDS_SOURCE = ("duty", "gate", "undo", "term", "unset")
# Ids used once: in the whole chain, because answers are stored by them; or in one pack only, where
# a nearer pack's table of the same id replaces the higher one.
UNIQUE = ("duty", "gate", "term", "fact")
UNIQUE_IN_PACK = (*UNIQUE, "paper", "quota", "count")
PACK_KEYS = {
    "id": "text", "title": "text", "extends": "texts", "rank": "text", "agency": "text",
    "roll": "flag", "since": "day", "until": "day", "confirmed": "flag", "number": "text",
    "note": "text", "text": "text", "source": "text", "region": "text", "basis": "texts",
    "issued": "day",
}
SCOPE_KEYS = {"kinds": "texts", "open": "flag", "source": "text", "text": "text", "note": "text"}
NEED_KEYS = ("act", "of", "ahead", "elapsed", "unit", "distinct", "at_least", "distinct_from", "list", "per",
             "when", "channel")
ROW_KEYS = ("id", "source", "when", "need", "statutory", "act", "of", "mode", "from", "until",
            "since", "text", "name", "title", "kind", "confirmed", "ground", "field", "note", "lasts", "unit")
CHOICES = {
    "limit": ("at_least", "at_most"), "merge": ("replace", "add"), "need": ("must", "if-any"),
}
# A unit belongs to its number: key of the number -> tables in which it needs a unit beside it.
NUMBERED = {"duty": "within", "term": "lasts", "extension": "by"}
LISTED_WORDS = {"within": ("promptly",), "lasts": ("permanent",), "by": ("as-approved",),
                "times": ("unlimited",)}
