"""A set of packs that fit together, and the regimes they make."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from mingzheng.core.regimes.checking import check
from mingzheng.core.regimes.faults import Fault, PackFaults, hint
from mingzheng.core.regimes.reading import RawFile, merge, parse, read
from mingzheng.core.regimes.regime import Regime
from mingzheng.core.regimes.shapes import Pack
from mingzheng.core.regimes.vocabulary import Vocabulary, vocabulary

LAW = Path(__file__).parents[3] / "law"
NOT_PACKS = ("holidays", "examples")


class Library:
    """Packs by id. Made by load(); never changed afterwards."""

    def __init__(self, packs: Iterable[Pack], words: Vocabulary) -> None:
        self.packs: dict[str, Pack] = {pack.id: pack for pack in packs}
        self.words = words

    def chain(self, pack_id: str) -> list[Pack]:
        """The pack and all it extends, nearest first; a common base stands last."""
        order: list[str] = []

        def visit(id: str, path: tuple[str, ...]) -> None:
            if id in path or id not in self.packs:
                return
            if id in order:
                order.remove(id)
            order.append(id)
            for higher in self.packs[id].extends:
                visit(higher, (*path, id))

        visit(pack_id, ())
        return [self.packs[id] for id in order]

    def regime(self, pack_id: str, choices: Sequence[Pack] = ()) -> Regime:
        """The rules an agency lives under. `choices` are internal packs, nearest first.
        Raises KeyError with a Chinese hint for an unknown id."""
        if pack_id not in self.packs:
            raise KeyError(
                f"没有规则包“{pack_id}”{hint(pack_id, self.packs)}；"
                f"已有：{'、'.join(sorted(self.packs))}"
            )
        return Regime([*choices, *self.chain(pack_id)], self.words, len(choices))

    def with_pack(self, path: Path | str) -> "Library":
        """This library with the pack of one file or folder added (or replacing its id)."""
        return load([path], base=self)


def load(paths: Iterable[Path | str], base: Library | None = None) -> Library:
    """Load files and folders of packs into a Library; `base` packs may be extended.

    Raises PackFaults with every fault, each `file: rule id: what is wrong and how to mend it`."""
    faults: list[Fault] = []
    texts: dict[str, str] = {}
    for path in pack_files(paths, faults):
        try:
            name = _short(path)
            texts[str(path) if name in texts else name] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            faults.append(Fault(path.name, "（文件）", "不是 UTF-8 编码，请另存为 UTF-8 后再试"))
        except OSError as error:
            faults.append(Fault(path.name, "（文件）", f"打不开：{error.strerror}"))
    return load_texts(texts, base, faults)


def load_texts(
    texts: Mapping[str, str], base: Library | None = None, found: Iterable[Fault] = ()
) -> Library:
    """load() for packs kept elsewhere than in files: name of the file → its TOML text."""
    faults = list(found)
    files: dict[str, list[RawFile]] = {}
    for name, text in texts.items():
        content, broken = parse(text, name)
        faults += broken
        if content and ("pack" in content or "example" not in content):
            raw = read({key: each for key, each in content.items() if key != "example"}, name)
            faults += raw.faults
            files.setdefault(str(raw.head.get("id", "")), []).append(raw)
    own = [merge(group) for id, group in files.items() if id]
    known = dict(base.packs) if base else {}
    library = Library(
        [*(pack for id, pack in known.items() if id not in files), *own],
        base.words if base else vocabulary(),
    )
    faults += check(library.chain, own, library.packs, library.words, faults)
    if faults:
        raise PackFaults(faults)
    return library


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def pack_files(paths: Iterable[Path | str], faults: list[Fault]) -> list[Path]:
    """The TOML files under the paths, without holidays and examples of a folder."""
    found: list[Path] = []
    for each in map(Path, paths):
        if each.is_dir():
            found += [
                file
                for file in sorted(each.rglob("*.toml"))
                if not set(file.relative_to(each).parts[:-1]) & set(NOT_PACKS)
            ]
        elif each.exists():
            found.append(each)
        else:
            faults.append(Fault(str(each), "（文件）", "没有这个文件或文件夹"))
    return list(dict.fromkeys(found))


@cache
def shipped() -> Library:
    """The packs shipped in law/, beside the package."""
    return load([LAW])
