"""The sealer's loop."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from django.db import OperationalError

from mingzheng.records.seal import keys
from mingzheng.records.seal.keys import KeyFault
from mingzheng.records.seal.rollback_guard import SealRefused
from mingzheng.records.seal.sealing import seal_once, waiting

log = logging.getLogger(__name__)
PAUSE, BEAT = 0.25, 5.0


def run_forever(stop: Callable[[], bool], beat: Callable[[], None]) -> None:
    """Seal what waits, a few times a second; while it refuses, the reason lies beside the key for
    the doctor.
    """
    said, beaten = keys.last_trouble(), -BEAT
    while not stop():
        # Between beats a look is enough; with each beat a whole round also publishes cosignatures
        # and sees what was put back.
        due, more, trouble = time.monotonic() - beaten > BEAT, False, said
        try:
            if due or waiting():
                _, more = seal_once()
                trouble = ""
        except (SealRefused, KeyFault) as refusal:
            trouble = str(refusal)
        except OperationalError:
            log.warning("database busy, sealer waits")
        except OSError as error:
            trouble = f"存证日志写不下去：{error.strerror or error}。请检查磁盘空间和目录权限。"
        if trouble != said:
            log.error("%s", trouble or "存证恢复正常。")
            # Where nothing can be written the reason cannot either; the sealer goes on and says it
            # when it can.
            with suppress(OSError):
                keys.remember_trouble(trouble)
                said = trouble
        if due:
            beaten = _beaten(beat)
        if not more:
            time.sleep(PAUSE)


def _beaten(beat: Callable[[], None]) -> float:
    try:
        beat()
    except OperationalError:
        log.warning("database busy, sealer waits")
        return 0.0
    return time.monotonic()
