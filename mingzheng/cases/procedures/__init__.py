"""Every procedure of this chapter, as tables a jurist can read on one screen."""

from mingzheng.cases.procedures.coercion import COERCION
from mingzheng.cases.procedures.inspection import VISIT
from mingzheng.cases.procedures.licence import LICENCE, LICENCE_END
from mingzheng.cases.procedures.other import OTHER_APPLIED, OTHER_OWN
from mingzheng.cases.procedures.penalty import ORDINARY, SUMMARY
from mingzheng.cases.procedures.registration import DIVORCE, REGISTRATION

__all__ = [
    "COERCION",
    "DIVORCE",
    "LICENCE",
    "LICENCE_END",
    "ORDINARY",
    "OTHER_APPLIED",
    "OTHER_OWN",
    "REGISTRATION",
    "SUMMARY",
    "VISIT",
]
