"""What a matter is about: the case of any kind, and what its kind adds."""

from mingzheng.cases.models.case import JUDGED, SOURCES, Case, CaseItem, CaseParty, Payment
from mingzheng.cases.models.licence import SORTS, Application, Licence
from mingzheng.cases.models.property import Property, PropertyMove, Seizure, Stocktake
from mingzheng.cases.models.visit import CHECK_TYPES, Checked, Visit

__all__ = [
    "CHECK_TYPES",
    "JUDGED",
    "SORTS",
    "SOURCES",
    "Application",
    "Case",
    "CaseItem",
    "CaseParty",
    "Checked",
    "Licence",
    "Payment",
    "Property",
    "PropertyMove",
    "Seizure",
    "Stocktake",
    "Visit",
]
