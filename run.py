#!/usr/bin/env python3
"""Set up and run 明证 on a bare machine with nothing but Python 3.11.

    python3 run.py                    set up, make the demo once, start web, worker and sealer
    python3 run.py --tls              the same over https, for phones on this network
    python3 run.py setup              set up only (as root, before another account runs it)
    python3 run.py test               set up and pass every test (--long: also the long runs)
    python3 run.py test --quick       those that need neither browser nor database server
    python3 run.py ARGS…              the `mingzheng` command in the project's own environment

Standard library only until the environment exists. Progress goes to standard
error: standard output carries nothing but a command's answer.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FONTS = VENV / "fonts"
# Loaded here: between fork and exec nothing may be looked up.
LIBC = ctypes.CDLL(None)
# The last three: rare characters of names, scripts of this country and its neighbours, symbols.
RUN_PACKAGES = [
    "fonts-noto-cjk",
    "fonts-lxgw-wenkai",
    "fonts-hanazono",
    "fonts-noto-core",
    "fonts-symbola",
]
# libatomic1: the browser driver that comes from PyPI is linked against it.
# strace: kills and fails system calls of the operations that must survive it (tests/crashing).
TEST_PACKAGES = [
    *RUN_PACKAGES,
    "chromium",
    "chromium-headless-shell",
    "libatomic1",
    "postgresql",
    "poppler-utils",
    "openssl",
    "strace",
]
FANGSONG_PACKAGE = "texlive-lang-chinese"


def say(text: str) -> None:
    """A line of progress on standard error."""
    print(text, file=sys.stderr, flush=True)


def stop(text: str) -> None:
    """End with a sentence that says what to do."""
    say(text)
    raise SystemExit(1)


def call(*command: str, quiet: bool = True, **more: object) -> bool:
    """Run a command; its output only where it fails."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more
    )  # type: ignore[call-overload]
    if done.returncode and not quiet:
        say(done.stdout[-3000:])
    return bool(done.returncode == 0)


def environment(kind: str) -> None:
    """The project's own virtual environment with the hash-locked packages of `kind` (run or
    test).
    """
    lock = ROOT / "requirements" / f"{kind}.txt"
    mark = VENV / f"ready-{kind}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if mark.exists():
        return
    began = time.monotonic()
    if sys.version_info < (3, 11):
        stop("需要 Python 3.11 以上。")
    if not PYTHON.exists():
        say("[1/3] 建立运行环境……")
        make_venv()
    say(f"[2/3] 安装依赖（{sum(1 for line in lock.open() if '==' in line)} 个，按指纹核对）……")
    install(lock)
    (VENV / "bin" / "mingzheng").write_text(f'#!/bin/sh\nexec {PYTHON} {ROOT / "run.py"} "$@"\n')
    (VENV / "bin" / "mingzheng").chmod(0o755)
    mark.touch()
    say(f"[3/3] 环境就绪，用时 {time.monotonic() - began:.0f} 秒。")


def make_venv() -> None:
    """A virtual environment; on a Debian without python3-venv it is installed first."""
    if call(sys.executable, "-m", "venv", str(VENV)):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if (
        is_root()
        and apt(["python3-venv"])
        and call(sys.executable, "-m", "venv", str(VENV), quiet=False)
    ):
        return
    stop("不能建立虚拟环境。请先安装 python3-venv（Debian：apt-get install python3-venv）后重试。")


def install(lock: Path) -> None:
    """By uv where it can be had, by pip otherwise; both check every hash."""
    uv = VENV / "bin" / "uv"
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
    ]
    if not uv.exists():
        call(*pip, str(ROOT / "requirements" / "uv.txt"))
    if uv.exists() and call(
        str(uv),
        "pip",
        "install",
        "-q",
        "--python",
        str(PYTHON),
        "--require-hashes",
        "-r",
        str(lock),
    ):
        return
    if not call(*pip, str(lock), quiet=False):
        stop("依赖没有装好。请检查网络能否访问 PyPI，然后重新运行；已经下载的不会重来。")


def is_root() -> bool:
    """Whether Debian packages may be installed."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt(packages: list[str]) -> bool:
    """Install Debian packages."""
    lacking = [name for name in packages if not call("dpkg", "-s", name)]
    if not lacking:
        return True
    say(f"安装系统软件包：{' '.join(lacking)} ……")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    base = ["apt-get", "-o", "DPkg::Lock::Timeout=900", "-qq"]
    call(*base, "update", env=env)
    return call(*base, "install", "-y", "--no-install-recommends", *lacking, env=env, quiet=False)


def system(kind: str) -> list[str]:
    """Fonts, and for tests a browser and a database server. Answers what could not be had."""
    lacking: list[str] = []
    packages = TEST_PACKAGES if kind == "test" else RUN_PACKAGES
    mark = VENV / f"system-{hashlib.sha256(' '.join(packages).encode()).hexdigest()[:16]}"
    # An account that may only run it takes what `run.py setup` left.
    if mark.exists() or not os.access(VENV, os.W_OK):
        return []
    if is_root():
        if not apt(packages):
            lacking.append("系统软件包")
    else:
        fallback_fonts()
        if kind == "test":
            lacking += [
                name for name in ("chromium", "postgres", "strace") if not shutil.which(name)
            ]
    if not (FONTS / "FandolFang-Regular.otf").exists() and not fangsong():
        lacking.append("仿宋字体")
    if lacking:
        say(
            f"缺少：{'、'.join(lacking)}。平台可以运行，文书改用宋体；有权限后以 root 运行一次"
            " python3 run.py 即可补齐。"
        )
    else:
        mark.touch()
    return lacking


def fangsong() -> bool:
    """The one free 仿宋: taken out of Debian's package without installing TeX."""
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        return False
    say("取仿宋字体……")
    FONTS.mkdir(parents=True, exist_ok=True)
    work = VENV / "deb"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        if not call("apt-get", "download", FANGSONG_PACKAGE, cwd=work):
            if (
                not is_root()
                or not call("apt-get", "-qq", "update")
                or not call("apt-get", "download", FANGSONG_PACKAGE, cwd=work)
            ):
                return False
        for package in work.glob("*.deb"):
            call("dpkg", "-x", str(package), str(work / "x"))
        for font in work.glob("x/**/FandolFang-Regular.otf"):
            shutil.copy(font, FONTS)
            return True
        return False
    finally:
        shutil.rmtree(work, ignore_errors=True)


def fallback_fonts() -> None:
    """Without root: Song and Hei from a PyPI package."""
    if list(FONTS.glob("Noto*")) or Path("/usr/share/fonts/opentype/noto").exists():
        return
    target = VENV / "zh-fonts"
    call(
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--target",
        str(target),
        "--require-hashes",
        "-r",
        str(ROOT / "requirements" / "fonts.txt"),
    )
    FONTS.mkdir(parents=True, exist_ok=True)
    for font in target.rglob("*.otf"):
        shutil.copy(font, FONTS)


def command(*arguments: str) -> list[str]:
    """The `mingzheng` command in the environment."""
    return [str(PYTHON), "-m", "mingzheng", *arguments]


def variables(options: argparse.Namespace | None = None) -> dict[str, str]:
    """The environment of every process of the product."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    # A machine that forbids bytecode makes every process of ours compile everything anew: seconds.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if options is not None:
        env["MINGZHENG_PORT"] = str(options.port)
        if options.data:
            env["MINGZHENG_DATA"] = str(Path(options.data).resolve())
    return env


def start(arguments: list[str]) -> int:
    """Migrate, make the demo once, then supervise web, worker and sealer until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="run.py", description="运行明证")
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("MINGZHENG_PORT") or 8000),
        help="端口，默认 8000",
    )
    parser.add_argument(
        "--data", default=os.environ.get("MINGZHENG_DATA") or "", help="数据目录，默认 ./data"
    )
    parser.add_argument("--tls", action="store_true", help="用 https，供同一网络里的手机现场采集")
    parser.add_argument("--no-demo", action="store_true", help="不造演示数据")
    parser.add_argument(
        "--as-root", action="store_true", help="正式使用的系统也以 root 运行（不建议）"
    )
    options = parser.parse_args(arguments)
    not_as_root(options, variables(options))
    port_is_free(options.port)
    environment("run")
    system("run")
    env = variables(options)
    for step in (["migrate"], [] if options.no_demo else ["demo"]):
        if step and subprocess.run(command(*step), env=env, cwd=ROOT, stdout=sys.stderr).returncode:
            stop("没有启动：上面一步没有做完。按提示处理后重新运行即可，已有数据不会丢。")
    options.secure = secure(options, env) if options.tls else {}
    return supervise(options, env)


def secure(options: argparse.Namespace, env: dict[str, str]) -> dict[str, str]:
    """Certificates for this machine's addresses; every process learns that it is reached by https.
    Answers where.
    """
    port_is_free(options.port + 1)
    made = subprocess.run(command("tls"), env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if made.returncode:
        stop("没有启动：https 证书没有做成。按提示处理后重新运行。")
    found: dict[str, str] = json.loads(made.stdout)
    env.update(
        MINGZHENG_TLS="1",
        MINGZHENG_URL=env.get("MINGZHENG_URL") or found["url"],
        MINGZHENG_HOSTS=found["hosts"],
        MINGZHENG_BIND=env.get("MINGZHENG_BIND") or "0.0.0.0",
    )
    return {**found, "url": env["MINGZHENG_URL"]}


def port_is_free(port: int) -> None:
    """A sentence instead of a stack of errors when somebody sits on the port: who, where the system
    tells us.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            by = holder(port)
            stop(
                f"端口 {port} 已被{by or '其他程序'}占用。请关掉占用的程序，或者换一个端口：python3 run.py"
                f" --port {port + 1}"
            )


def holder(port: int) -> str:
    """Who listens on a port, as 进程 PID（命令）; empty where the system does not tell us."""
    wanted = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
        except OSError:
            continue
        # Column 3 is the state; 0A listens. Column 9 is the inode of the socket.
        wanted |= {
            f"socket:[{row[9]}]"
            for row in rows
            if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port
        }
    for process in Path("/proc").glob("[0-9]*") if wanted else []:
        try:
            if wanted & {os.readlink(each) for each in (process / "fd").iterdir()}:
                line = (
                    (process / "cmdline")
                    .read_bytes()
                    .replace(b"\0", b" ")
                    .decode("utf-8", "replace")
                )
                return f"进程 {process.name}（{line.strip()[:120]}）"
        except OSError:
            continue
    return ""


def not_as_root(options: argparse.Namespace, env: dict[str, str]) -> None:
    """A real installation runs under an account of its own: whoever breaks into a page of root's owns
    the machine. The demo may be looked at as anybody.
    """
    data = Path(env.get("MINGZHENG_DATA") or ROOT / "data")
    real = not (data / "demo.key").exists() and (
        options.no_demo or (data / "mingzheng.sqlite3").exists() or "DATABASE_URL" in env
    )
    if os.geteuid() == 0 and real and not options.as_root and env.get("MINGZHENG_AS_ROOT") != "1":
        stop(
            "没有启动：正式使用的系统不能以 root 运行。请建立专门的账号，把数据目录交给它（chown -R），"
            "用它启动（做法见 docs/running.md，服务单元在 deploy/）。确实要以 root 运行的，加 --as-root"
            " 或者设 MINGZHENG_AS_ROOT=1。"
        )


class Child:
    """One process that is kept running: restarted at once when it dies, later and later when it dies
    quickly, and never given up.
    """

    LONG, LATEST = 10.0, 60.0

    def __init__(self, name: str, line: list[str], env: dict[str, str]) -> None:
        self.name, self.line, self.env = name, line, env
        self.quick, self.due = 0, 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it: the leader of a group of its own, killed when we end, its files its owner's."""
        self.born, parent = time.monotonic(), os.getpid()

        def last_words() -> None:
            os.umask(0o077)
            if sys.platform == "linux":
                # 1 is PR_SET_PDEATHSIG. A parent that died meanwhile sends nothing any more.
                LIBC.prctl(1, signal.SIGTERM)
                if os.getppid() != parent:
                    os._exit(1)

        self.process = subprocess.Popen(
            self.line, env=self.env, cwd=ROOT, start_new_session=True, preexec_fn=last_words
        )

    def look(self) -> None:
        """Start it again where it died and its time has come."""
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            # What it had started itself goes with it.
            self.end(signal.SIGKILL)
            self.process = None
            self.quick = self.quick + 1 if now - self.born < self.LONG else 0
            wait = 0 if not self.quick else min(2.0 ** (self.quick - 1), self.LATEST)
            self.due = now + wait
            later = f"{wait:.0f} 秒后重新启动" if wait else "正在重新启动"
            say(f"{self.name} 意外退出，{later}；其他进程照常。")
            if self.quick == 5:
                say(f"{self.name} 反复启动失败。请运行 python3 run.py doctor 查看原因。")
        if now >= self.due:
            self.start()

    def end(self, which: int) -> None:
        """A signal to it and to all that it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, which)
            except ProcessLookupError:
                return


def supervise(options: argparse.Namespace, env: dict[str, str]) -> int:
    """Keep the processes running; what fails is tried again and never takes another down."""
    wanted = {"web": command("serve"), "worker": command("worker"), "sealer": command("sealer")}
    if options.tls:
        wanted["door"] = command("ca-page")
    children = [Child(name, line, env) for name, line in wanted.items()]
    # Said for both signals: a shell that starts us in the background has SIGINT ignored.
    for name_of_signal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name_of_signal, interrupt)
    try:
        for child in children:
            child.start()
        # Beside the watch: a child that dies while the pages come up is started again all the same.
        threading.Thread(target=announce, args=(options,), daemon=True).start()
        while True:
            time.sleep(0.2)
            for child in children:
                child.look()
    except KeyboardInterrupt:
        say("正在停止……")
        return 0
    finally:
        for child in children:
            child.end(signal.SIGTERM)
        for child in children:
            try:
                if child.process is not None:
                    child.process.wait(10)
            except subprocess.TimeoutExpired:
                say(f"{child.name} 没有按时停下，已强行结束。")
            child.end(signal.SIGKILL)


def interrupt(*_: object) -> None:
    """A request to stop, whichever signal brought it."""
    raise KeyboardInterrupt


def announce(options: argparse.Namespace) -> None:
    """Where it is and who may come in, once the pages answer."""
    import ssl
    import urllib.request

    address, trust = f"http://127.0.0.1:{options.port}", None
    if options.tls:
        address, trust = (
            f"https://127.0.0.1:{options.port}",
            ssl.create_default_context(cafile=options.secure["ca"]),
        )
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2, context=trust) as answer:
                if answer.status == 200:
                    break
        except OSError:
            time.sleep(0.25)
    address = options.secure.get("url", address)
    print(f"\n明证已启动：{address}/")
    print(f"  公示首页　{address}/\n  执法工作台　{address}/desk")
    if not options.no_demo:
        print(
            f"  演示人物　{address}/demo（点名字即进入；也可用账号登录，如 wg-01，密码"
            " mingzheng-demo）"
        )
    if options.tls:
        print(
            f"  手机采集　{address}/capture\n  手机先装根证书：打开"
            f" {options.secure['door']}（手机和电脑要在同一网络），照页面上的步骤做一次"
        )
    print("按 Ctrl-C 停止。", flush=True)


def test(arguments: list[str]) -> int:
    """Everything CI does."""
    environment("test")
    lacking = system("run" if "--quick" in arguments else "test")
    env = variables()
    env["MINGZHENG_LACKING"] = ",".join(lacking)
    return subprocess.run(
        [str(PYTHON), str(ROOT / "tests" / "run.py"), *arguments], env=env, cwd=ROOT
    ).returncode


def main() -> int:
    """The first word decides."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["test"]:
        return test(arguments[1:])
    if arguments == ["setup"]:
        environment("run")
        system("run")
        return 0
    if not arguments or arguments[0].startswith("-"):
        return start(arguments)
    environment("run")
    return subprocess.run(command(*arguments), env=variables(), cwd=os.getcwd()).returncode


if __name__ == "__main__":
    sys.exit(main())
