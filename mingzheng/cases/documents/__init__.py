"""The papers of a penalty case (law.md §8): one builder a kind, plain JSON out."""

from mingzheng.cases.documents import closing, decision, evidence, execution, inspection, licence, licence_ending, mistakes, notice, opening

__all__ = ["closing", "decision", "evidence", "execution", "inspection", "licence", "licence_ending", "mistakes", "notice", "opening"]
