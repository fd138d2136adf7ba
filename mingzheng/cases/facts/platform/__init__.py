"""How a record fills the tables of the provincial supervision platform (省行政执法监督平台): one
file a family of tables.
"""

from mingzheng.cases.facts.platform import coercion, inspection, licence, on_the_spot, ordinary

__all__ = ["coercion", "inspection", "licence", "on_the_spot", "ordinary"]
