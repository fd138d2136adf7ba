"""`mingzheng law check|explain|vocabulary`: packs validated, explained, and their words listed."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from mingzheng.core.regimes import BadFacts, Library, PackFaults, Regime, load, shipped
from mingzheng.core.regimes.dead_words import dead_words, list_faults
from mingzheng.core.regimes.examples import example_files, examples_of, run_examples
from mingzheng.core.regimes.faults import hint
from mingzheng.core.regimes.library import LAW
from mingzheng.core.regimes.supply import awaiting, supply
from mingzheng.core.regimes.vocabulary_page import page
from mingzheng.core.workdays import Calendar, NoticeFault


def add_law_commands(parser: argparse.ArgumentParser) -> None:
    """Put the sub-commands of `law` on a parser."""
    commands = parser.add_subparsers(required=True, metavar="命令", dest="command")
    check = commands.add_parser("check", help="校验规则包（文件或者文件夹），并运行其中的例子")
    check.add_argument("paths", metavar="路径", nargs="+", help="规则包文件或者文件夹")
    check.add_argument("--json", action="store_true", help="输出 JSON")
    check.set_defaults(answer=_check)
    explain = commands.add_parser("explain", help="某日某行为须先有什么、引起什么义务")
    explain.add_argument(
        "pack", metavar="规则包", help="内置规则包的名称，或者自己的 TOML 文件、文件夹"
    )
    explain.add_argument("--on", metavar="日期", required=True, help="行为发生之日，如 2026-09-18")
    explain.add_argument("--act", metavar="行为", required=True, help="行为种类，如 decision.made")
    explain.add_argument(
        "--facts", metavar="文件", help="事实（JSON 文件；写 - 从标准输入读）；不给则都未知"
    )
    explain.add_argument("--json", action="store_true", help="输出 JSON（总是如此）")
    explain.set_defaults(answer=_explain)
    words = commands.add_parser("vocabulary", help="输出词汇表（docs/vocabulary.md 的内容）")
    words.set_defaults(answer=_vocabulary)


def _check(options: argparse.Namespace) -> int:
    paths = [Path(path) for path in options.paths]
    faults, library = _load(paths)
    notes: list[str] = []
    if library is not None:
        faults += [str(fault) for fault in run_examples(paths, library, Calendar.shipped())]
        dead, notes = _dead_words(paths, library)
        faults += dead
    examples = sum(len(examples_of(file)) for file in example_files(paths))
    if options.json:
        answer = {"ok": not faults, "faults": faults, "notes": notes}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    elif not faults and library is not None:
        sys.stdout.write(f"通过：{len(library.packs)} 个规则包、{examples} 个例子，未发现问题\n")
    for note in notes if not options.json else ():
        sys.stdout.write(f"提示：{note}\n")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


def _dead_words(paths: list[Path], library: Library) -> tuple[list[str], list[str]]:
    """(faults, notes) about words that can be written but not done; where the shipped packs are
    what is being checked, also about the lists that the product keeps of them.
    """
    ours, held = shipped(), supply()
    whole = any(map(_of_law, paths))
    ids = [
        id
        for id, pack in library.packs.items()
        if whole or id not in ours.packs or ours.packs[id].version != pack.version
    ]
    found = dead_words(library, ids, held, awaiting(), ours)
    faults = found.faults + (list_faults(ours, held, awaiting()) if whole else [])
    return [str(each) for each in faults], [str(each) for each in found.notes]


def _of_law(path: Path) -> bool:
    """Whether a path holds, or lies within, the shipped packs."""
    law = LAW.resolve()
    return law.is_relative_to(path.resolve()) or path.resolve().is_relative_to(law)


def _load(paths: list[Path]) -> tuple[list[str], Library | None]:
    """Load beside the shipped packs, unless the shipped packs are what is being checked."""
    apart = [path for path in paths if not _of_law(path)]
    try:
        # One file of a shipped pack is no whole pack: the shipped ones are checked together.
        return [], load([LAW, *apart]) if len(apart) < len(paths) else load(paths, base=shipped())
    except PackFaults as faults:
        return [str(fault) for fault in faults.faults], None


def _explain(options: argparse.Namespace) -> int:
    try:
        on = _day(options.on)
        regime = regime_called(options.pack)
        answer = regime.explain(options.act, on, _facts(options.facts), Calendar.shipped())
    except (BadFacts, PackFaults, NoticeFault, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadFacts(f"--on “{text}”不是日期，应写成 2026-09-18") from None


def regime_called(name: str) -> Regime:
    """The regime of a shipped pack by its id, or of one's own file or folder. BadFacts where there
    is neither.
    """
    path = Path(name)
    library = shipped()
    if name in library.packs:
        return library.regime(name)
    if not path.exists():
        raise BadFacts(
            f"没有规则包“{name}”{hint(name, library.packs)}，也没有这个文件；"
            f"内置：{'、'.join(sorted(library.packs))}"
        )
    return own_regime(path, library)


def own_regime(path: Path, library: Library) -> Regime:
    """The regime of one's own file or folder: its pack nearest to the agency."""
    with_own = library.with_pack(path)
    own = [pack for id, pack in with_own.packs.items() if library.packs.get(id) is not pack]
    if not own:
        raise BadFacts(f"{path} 里没有规则包（缺少 [pack]）")
    extended = {higher for pack in own for higher in pack.extends}
    nearest = next((pack for pack in own if pack.id not in extended), own[0])
    return with_own.regime(nearest.id)


def _facts(source: str | None) -> dict[str, Any]:
    if source is None:
        return {}
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8-sig")
        facts = json.loads(text) if text.strip() else {}
    except OSError as error:
        raise BadFacts(f"事实文件 {source} 打不开：{error.strerror}") from None
    except UnicodeDecodeError:
        raise BadFacts(f"事实文件 {source} 不是 UTF-8 编码") from None
    except json.JSONDecodeError as error:
        raise BadFacts(
            f"事实不是合法的 JSON：第 {error.lineno} 行第 {error.colno} 列附近"
        ) from None
    except (ValueError, RecursionError):
        raise BadFacts("事实不是合法的 JSON：数字太长或者套得太深") from None
    if not isinstance(facts, dict):
        raise BadFacts('事实应为 JSON 对象，如 {"kind": "penalty"}')
    return facts


def _vocabulary(options: argparse.Namespace) -> int:
    sys.stdout.write(page())
    return 0
