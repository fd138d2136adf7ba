"""A PostgreSQL cluster of the tests' own: throw-away directory, free port, loopback only."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# Where Debian keeps it, also when a bare environment names no sbin.
RUNUSER = shutil.which("runuser") or "/usr/sbin/runuser"


def binaries() -> Path | None:
    """The newest PostgreSQL that Debian installed, or the one on the path."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if found:
        return found[-1]
    one = shutil.which("postgres")
    return Path(one).parent if one else None


def as_postgres(*command: str) -> list[str]:
    """PostgreSQL refuses to run as root, so root lends it Debian's own user."""
    return [RUNUSER, "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


@dataclass
class Cluster:
    """A cluster in a directory of its own; `durable` waits for the disk as in production."""

    folder: Path
    base: Path
    port: int
    durable: bool

    @property
    def data(self) -> Path:
        """PostgreSQL's own directory."""
        return self.base / "data"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """An empty cluster."""
        self.data.mkdir()
        if os.geteuid() == 0:
            self.base.chmod(0o755)
            shutil.chown(self.data, "postgres", "postgres")
        call(
            str(self.folder / "initdb"),
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-A",
            "trust",
        )

    def start(self) -> None:
        """Start, and recover where it was killed; it answers on return."""
        quick = "" if self.durable else " -c fsync=off -c full_page_writes=off"
        call(
            *self._ctl,
            "-l",
            str(self.data / "log"),
            "-o",
            f"-p {self.port} -k {self.data} -c listen_addresses=127.0.0.1{quick}",
            "start",
        )

    def kill(self) -> None:
        """SIGKILL to the server and every process of it at once."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        # Stopped first, so that no process is born while the list is read.
        os.kill(pid, signal.SIGSTOP)
        pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
        for each in pids:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        while any(alive(each) for each in pids):
            time.sleep(0.01)
        # Where nobody buries the dead, the number in these files would look like a living server's.
        for name in ("postmaster.pid", f".s.PGSQL.{self.port}.lock"):
            (self.data / name).unlink(missing_ok=True)

    def remove(self) -> None:
        """Stop it without ceremony and forget it."""
        subprocess.run(
            as_postgres(*self._ctl, "-m", "immediate", "stop"), capture_output=True, cwd="/"
        )
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def _ctl(self) -> list[str]:
        return [str(self.folder / "pg_ctl"), "-D", str(self.data), "-w"]


def alive(pid: int) -> bool:
    """Whether a process runs; a dead one that nobody buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def cluster(durable: bool = False) -> Iterator[Cluster | None]:
    """A running cluster; None where there is no PostgreSQL."""
    folder = binaries()
    if folder is None:
        yield None
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    made = Cluster(folder, Path(tempfile.mkdtemp(prefix="mingzheng-pg-")), port, durable)
    try:
        made.make()
        made.start()
        yield made
    finally:
        made.remove()


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server; empty where there is no PostgreSQL."""
    with cluster() as found:
        yield found.url if found else ""


def call(*command: str) -> None:
    """Run quietly; the output only when it fails."""
    # The server keeps the pipe of its starter open, so its output goes to a file instead.
    with tempfile.TemporaryFile("w+") as out:
        if subprocess.run(as_postgres(*command), stdout=out, stderr=out, cwd="/").returncode:
            out.seek(0)
            raise RuntimeError(f"PostgreSQL: {command[0]}: {out.read()[-2000:]}")
