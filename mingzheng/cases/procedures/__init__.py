"""Every procedure of this chapter, as tables a jurist can read on one screen."""

from mingzheng.cases.procedures.inspection import VISIT
from mingzheng.cases.procedures.licence import LICENCE, LICENCE_END
from mingzheng.cases.procedures.penalty import ORDINARY, SUMMARY

__all__ = ["LICENCE", "LICENCE_END", "ORDINARY", "SUMMARY", "VISIT"]
