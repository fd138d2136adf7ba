"""Write what the migrations' triggers do, for `mingzheng verify`: `python -m tests.triggers`, once
with SQLite and once with DATABASE_URL of a PostgreSQL.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> int:
    """Migrate an empty database and keep its triggers beside those of the other kind."""
    from tests import scratch

    os.environ["MINGZHENG_DATA"] = str(scratch.DATA)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from mingzheng.site import schema

    call_command("migrate", verbosity=0, interactive=False)
    known = (
        json.loads(schema.EXPECTED.read_text(encoding="utf-8")) if schema.EXPECTED.exists() else {}
    )
    known[connection.vendor] = schema.held()
    schema.EXPECTED.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
