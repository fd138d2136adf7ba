"""The sealer's loop."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import OperationalError

from mingzheng.records.seal.keys import KeyFault
from mingzheng.records.seal.sealing import seal_once
from mingzheng.records.seal.standing import SealRefused

log = logging.getLogger(__name__)
PAUSE = 0.25


def run_forever(stop: Callable[[], bool], beat: Callable[[str], None]) -> None:
    """Seal what waits, a few times a second; `beat` gets the reason while the sealer refuses, else an empty text."""
    said = None
    while not stop():
        more, trouble = False, ""
        try:
            _, more = seal_once()
        except (SealRefused, KeyFault) as refusal:
            trouble = str(refusal)
        except OperationalError:
            log.warning("database busy, sealer waits")
        except OSError as error:
            trouble = f"存证日志写不下去：{error.strerror or error}。请检查磁盘空间和目录权限。"
        if trouble and trouble != said:
            log.error("%s", trouble)
        said = trouble
        try:
            beat(trouble)
        except OperationalError:
            log.warning("database busy, sealer waits")
        if not more:
            time.sleep(PAUSE)
