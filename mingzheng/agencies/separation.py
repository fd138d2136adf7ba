"""What one person must not hold together: the three administrators, and what decides.

等保 三级 has three administrators who watch each other; none of them decides anything of the
agency's work. What the law keeps apart in one matter (who handles it, who approves it, who reviews
it) hangs on the matter and is asked in `procedures.roles`.
"""

from __future__ import annotations

from collections.abc import Collection

from mingzheng.core.regimes import vocabulary

SYSTEM, SECURITY, AUDIT = "system-admin", "security-admin", "audit-admin"
ADMINS = frozenset({SYSTEM, SECURITY, AUDIT})
LAW = "《网络安全等级保护基本要求》三员分立"
# Roles one may be stood in for; officers' own work is handed over, not delegated.
LENDABLE = frozenset(
    {"head", "deputy-head", "unit-head", "legal-reviewer", "review-head", "publishing-head"}
)


def clash(roles: Collection[str]) -> str:
    """Why these roles cannot be one person's, in Chinese; empty when they can."""
    held = set(roles)
    if not held & ADMINS or len(held) < 2:
        return ""
    names = vocabulary().roles
    admins = "、".join(names[role] for role in sorted(held & ADMINS))
    others = "、".join(names.get(role, role) for role in sorted(held - ADMINS))
    if others:
        return f"{admins}不能兼任{others}：三员不办案、不审批。"
    return f"{admins}不能由同一人担任，三员互相制约。"
