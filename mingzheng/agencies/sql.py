"""Triggers of this floor, for SQLite and PostgreSQL: no person holds two of the three
administrators, nor anything beside one of them; nobody stands in for himself.
"""

from __future__ import annotations

from mingzheng.records import sql

# The roles of a post are JSON; as text they read alike on both databases.
_ROLES = "CAST({row}.roles AS TEXT)"
_ADMIN = "CAST({row}.roles AS TEXT) LIKE '%-admin\"%'"
_SAME_DAYS = (
    "p.since <= COALESCE(NEW.until, '9999-12-31') AND COALESCE(p.until, '9999-12-31') >= NEW.since"
)
_POSTS = f"""
({_ADMIN.format(row="NEW")} AND {_ROLES.format(row="NEW")} LIKE '%,%')
OR EXISTS (
  SELECT 1 FROM agencies_post p
  WHERE p.person_id = NEW.person_id AND p.id <> NEW.id AND {_SAME_DAYS}
    AND ({_ADMIN.format(row="NEW")} OR {_ADMIN.format(row="p")})
    AND {_ROLES.format(row="NEW")} <> '[]' AND {_ROLES.format(row="p")} <> '[]'
    AND {_ROLES.format(row="NEW")} <> {_ROLES.format(row="p")}
)
OR ({_ADMIN.format(row="NEW")} AND EXISTS (
  SELECT 1 FROM agencies_delegation d
  WHERE d.taker_id = NEW.person_id AND d.revoked_by_id IS NULL
    AND d.since <= COALESCE(NEW.until, '9999-12-31') AND d.until >= NEW.since
))
"""
# A post that ends sooner is always let through, whatever stood before.
_LONGER_OR_MORE = (
    "(CAST(NEW.roles AS TEXT) <> CAST(OLD.roles AS TEXT) OR NEW.person_id <> OLD.person_id"
    " OR NEW.since < OLD.since OR (OLD.until IS NOT NULL AND (NEW.until IS NULL OR"
    " NEW.until > OLD.until)))"
)
_DELEGATIONS = f"""
NEW.giver_id = NEW.taker_id OR {_ADMIN.format(row="NEW")}
OR EXISTS (
  SELECT 1 FROM agencies_post p
  WHERE p.person_id = NEW.taker_id AND {_ADMIN.format(row="p")} AND {_SAME_DAYS}
)
"""
WORDS = "三员分立：系统、安全、审计管理员不能由同一人担任，也不能兼任其他职责"

three_apart = (
    sql.watch("agencies_post", "three_apart", "INSERT", _POSTS, WORDS),
    sql.watch("agencies_post", "three_apart", "UPDATE", f"{_LONGER_OR_MORE} AND ({_POSTS})", WORDS),
    sql.watch("agencies_delegation", "three_apart", "INSERT", _DELEGATIONS, WORDS),
)
