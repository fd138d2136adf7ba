"""Sealing: acts become leaves of the ledger, heads are signed, witnessed and time-stamped.

`seal_pending()` seals everything that waits; the sealer process does the same for ever.
"""

from __future__ import annotations


def seal_pending() -> int:
    """Seal every act that waits (demo, tests, commands); answers the size of the signed head.
    SealRefused in Chinese.
    """
    from mingzheng.records.seal.sealing import seal_all

    return seal_all()
