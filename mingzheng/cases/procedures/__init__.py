"""Every procedure of this chapter, as tables a jurist can read on one screen."""

from mingzheng.cases.procedures.inspection import VISIT
from mingzheng.cases.procedures.penalty import ORDINARY, SUMMARY

__all__ = ["ORDINARY", "SUMMARY", "VISIT"]
