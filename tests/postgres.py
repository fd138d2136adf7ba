"""A PostgreSQL cluster of the tests' own: throw-away directory, free port, loopback only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Where Debian keeps it, also when a bare environment names no sbin.
RUNUSER = shutil.which("runuser") or "/usr/sbin/runuser"


def binaries() -> Path | None:
    """The newest PostgreSQL that Debian installed, or the one on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    one = shutil.which("postgres")
    return Path(one).parent if one else None


def as_postgres(*command: str) -> list[str]:
    """PostgreSQL refuses to run as root, so root lends it Debian's own user."""
    return [RUNUSER, "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server; empty where there is no PostgreSQL."""
    folder = binaries()
    if folder is None:
        yield ""
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = Path(tempfile.mkdtemp(prefix="mingzheng-pg-"))
    data = base / "data"
    data.mkdir()
    if os.geteuid() == 0:
        base.chmod(0o755)
        shutil.chown(data, "postgres", "postgres")
    ctl = [str(folder / "pg_ctl"), "-D", str(data), "-w"]
    quick = f"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
    try:
        call(str(folder / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
        call(*ctl, "-l", str(data / "log"), "-o", quick, "start")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(as_postgres(*ctl, "-m", "immediate", "stop"), capture_output=True, cwd="/")
        shutil.rmtree(base, ignore_errors=True)


def call(*command: str) -> None:
    """Run quietly; the output only when it fails."""
    # The server keeps the pipe of its starter open, so its output goes to a file instead.
    with tempfile.TemporaryFile("w+") as out:
        if subprocess.run(as_postgres(*command), stdout=out, stderr=out, cwd="/").returncode:
            out.seek(0)
            raise RuntimeError(f"PostgreSQL: {command[0]}: {out.read()[-2000:]}")
