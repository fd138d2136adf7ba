"""Every table of the database: its rows are kept, or it works for a while and says why."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

# What the framework brings along.
FRAMEWORK = {
    "django_session": "登录会话，退出或者到期即失效",
    "django_migrations": "数据库结构的版本",
    "django_content_type": "框架自带，没有使用",
    "auth_permission": "框架自带，没有使用",
    "auth_group": "框架自带，没有使用",
    "auth_group_permissions": "框架自带，没有使用",
}


def listed() -> list[tuple[str, str]]:
    """(table, why its rows are not kept); an empty reason where they are. A table that nobody speaks
    of is said to be unknown.
    """
    ours = {
        model._meta.db_table: str(getattr(model, "working", ""))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table not in FRAMEWORK
    }
    known = {**FRAMEWORK, **ours}
    return [
        (name, known.get(name, "不是本系统建立的表"))
        for name in sorted(connection.introspection.table_names())
    ]
