"""Commands of the floor without a database: `workdays …`, `law …`, `ledger …` and `redact …`.

Each run_* takes the arguments after the command's name and returns the exit code: 0 answered,
1 a fault said on stderr in Chinese, 2 wrong usage, 3 answered but provisional (workdays add)."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from mingzheng.core.cli_law import add_law_commands
from mingzheng.core.cli_ledger import add_ledger_commands
from mingzheng.core.cli_redact import add_redact_options
from mingzheng.core.cli_workdays import add_workdays_commands

TRANSLATED = (
    ("the following arguments are required:", "缺少参数："),
    ("unrecognized arguments:", "不认识的参数："),
    ("invalid choice:", "不可用的值："),
    ("choose from", "可选"),
    ("expected one argument", "后面要有一个值"),
    ("expected at least one argument", "后面至少要有一个值"),
    ("argument ", "参数 "),
)


class ChineseParser(argparse.ArgumentParser):
    """argparse with Chinese headings and errors; usage errors exit 2 on stderr."""

    def __init__(self, prog: str | None = None, description: str | None = None) -> None:
        super().__init__(prog=prog, description=description, add_help=False)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示说明并退出")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "用法：")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "用法：")

    def error(self, message: str) -> NoReturn:
        for english, chinese in TRANSLATED:
            message = message.replace(english, chinese)
        self.exit(2, f"{self.format_usage()}{message}\n")


def run_law(argv: Sequence[str]) -> int:
    """`mingzheng law check|explain|vocabulary …`"""
    parser = ChineseParser(prog="mingzheng law", description="规则包：校验、解释、词汇")
    add_law_commands(parser)
    return _run(parser, argv)


def run_workdays(argv: Sequence[str]) -> int:
    """`mingzheng workdays add …`"""
    parser = ChineseParser(prog="mingzheng workdays", description="工作日与期间计算")
    add_workdays_commands(parser)
    return _run(parser, argv)


def run_ledger(argv: Sequence[str]) -> int:
    """`mingzheng ledger verify …`"""
    parser = ChineseParser(
        prog="mingzheng ledger", description="存证日志：核对整个日志，或者一份证明文件"
    )
    add_ledger_commands(parser)
    return _run(parser, argv)


def run_redact(argv: Sequence[str]) -> int:
    """`mingzheng redact …`"""
    parser = ChineseParser(
        prog="mingzheng redact",
        description="遮盖：从标准输入逐行读 JSON，逐行答出遮盖后的文字和遮盖之处",
    )
    add_redact_options(parser)
    return _run(parser, argv)


def _run(parser: argparse.ArgumentParser, argv: Sequence[str]) -> int:
    try:
        options = parser.parse_args(list(argv))
        return int(options.answer(options))
    except SystemExit as stop:
        return int(stop.code or 0)
    except BrokenPipeError:
        return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "law": run_law,
    "workdays": run_workdays,
    "ledger": run_ledger,
    "redact": run_redact,
}


def main(argv: Sequence[str]) -> int:
    """Run one of the commands of this floor."""
    if not argv or argv[0] not in COMMANDS:
        sys.stderr.write(f"用法：mingzheng {{{','.join(COMMANDS)}}} …\n")
        return 2
    return COMMANDS[argv[0]](argv[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
