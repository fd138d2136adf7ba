"""Make the demo once, on an empty database only."""

from __future__ import annotations

import secrets
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from mingzheng.agencies.models import Agency
from mingzheng.procedures import chapters
from mingzheng.site.demo import founding


def make() -> int:
    """Found the bodies and play the cases; progress on standard error. A second call does nothing,
    and says so where the first one was cut off.
    """
    unfinished = Path(settings.DATA) / "demo-unfinished"
    if unfinished.exists() and Agency.objects.exists():
        print(
            f"演示数据上次没有造完，不完整。请换一个数据目录，或者清空 {settings.DATA}"
            " 和数据库以后重新运行。",
            file=sys.stderr,
        )
        return 1
    if Agency.objects.exists():
        return 0
    unfinished.touch(mode=0o600)
    began = time.monotonic()
    if not settings.DEMO_KEY.exists():
        settings.DEMO_KEY.touch(mode=0o600)
        settings.DEMO_KEY.write_text(secrets.token_hex(32))
    _hurry()
    print("造演示数据：登记机关、采用规则包……", file=sys.stderr, flush=True)
    made = founding.found_all()
    for scene in chapters.scenes():
        for done, total in import_string(scene.play)(made) or ():
            if done % 5 == 0 or done == total:
                print(f"造演示数据：案件 {done}/{total}", file=sys.stderr, flush=True)
    unfinished.unlink()
    print(f"演示数据就绪，用时 {time.monotonic() - began:.0f} 秒。", file=sys.stderr, flush=True)
    return 0


def _hurry() -> None:
    # The demo is made anew if the power fails meanwhile, so this one connection need not wait for
    # the disk.
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
