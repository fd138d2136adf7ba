"""The ledger's errands: witnesses, the time-stamp authority, reading everything again; never
within sealing.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from mingzheng.jobs.acts import job
from mingzheng.records import effects, scrubbing
from mingzheng.records.seal import stamping, witness_client
from mingzheng.records.seal.policy import PolicyFault


@job("ledger.witness", every=timedelta(seconds=10))
def ask_witnesses() -> None:
    """Submit the newest head to whoever has not signed it."""
    # A faulty witnesses.toml is the doctor's to tell, once, and no heap of dead jobs.
    with suppress(PolicyFault):
        witness_client.ask_all()


@job("store.scrub", every=scrubbing.EVERY)
def scrub() -> None:
    """Read the next piece of store and log again."""
    scrubbing.scrub()


@job("ledger.stamp", every=timedelta(hours=1))
def stamp() -> None:
    """The day's time stamp, where an authority is configured."""
    with suppress(PolicyFault):
        stamping.stamp_today()


@job("ledger.cover", every=timedelta(days=1))
def cover() -> None:
    """《电子签名法》第八条: what was signed in the last day is itself bound by an effect."""
    effects.cover()
