"""Every procedure of this chapter, as tables a jurist can read on one screen."""

from mingzheng.cases.procedures.penalty import ORDINARY, SUMMARY

__all__ = ["ORDINARY", "SUMMARY"]
