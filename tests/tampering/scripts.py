"""What somebody with the root password might do. Each script gets the installation's directory and
an older backup of it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from mingzheng.core.canonical import canonical
from mingzheng.core.ledger.checkpoint import Checkpoint
from mingzheng.core.ledger.notes import Note, Signer
from mingzheng.core.ledger.writing import Log

Script = Callable[[Path, Path], None]
SCRIPTS: dict[str, Script] = {}


def script(name: str) -> Callable[[Script], Script]:
    """Put a script on the list under what it does, in Chinese."""

    def keep(made: Script) -> Script:
        SCRIPTS[name] = made
        return made

    return keep


def sql(folder: Path, *statements: str) -> list[tuple[object, ...]]:
    """Run statements with every trigger and foreign key out of the way; the rows of the last
    one.
    """
    with closing(sqlite3.connect(folder / "mingzheng.sqlite3")) as base, base:
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            base.execute(f"DROP TRIGGER {name}")
        rows: list[tuple[object, ...]] = []
        for statement in statements:
            done = base.execute(statement)
            rows = done.fetchall()
            assert done.rowcount != 0 or "attachment" in statement, f"changed nothing: {statement}"
        return rows


# The decision, an act in the middle of the log, and the last one.
ONE = "(SELECT id FROM records_act WHERE kind = 'decision.made')"
MIDDLE = (
    "(SELECT id FROM records_act ORDER BY id LIMIT 1 OFFSET (SELECT count(*) / 2 FROM records_act))"
)
LAST = "(SELECT max(id) FROM records_act)"
EDITS = {
    "改决定的种类": f"UPDATE records_act SET kind = 'case.withdrawn' WHERE id = {ONE}",
    "把决定的发生时间提前一天": (
        f"UPDATE records_act SET happened_at = datetime(happened_at, '-1 day') WHERE id = {ONE}"
    ),
    "把登记时间推后一天": (
        f"UPDATE records_act SET recorded_at = datetime(recorded_at, '+1 day') WHERE id = {ONE}"
    ),
    "换经办人": f"UPDATE records_act SET actor_id = actor_id + 1 WHERE id = {ONE}",
    "改办理前的状态": f"UPDATE records_act SET from_state = 'opened' WHERE id = {ONE}",
    "抹去依据的规则": f"UPDATE records_act SET rules = '[]' WHERE id = {ONE}",
    "改规则包版本": f"UPDATE records_act SET pack_version = 'x' WHERE id = {MIDDLE}",
    "改指纹": f"UPDATE records_act SET commitment = zeroblob(32) WHERE id = {MIDDLE}",
    "改一条记录的内容": (
        "UPDATE records_actcontent SET body = replace(body, '2026', '2025') WHERE act_id ="
        " (SELECT max(act_id) FROM records_actcontent WHERE body LIKE '%2026%')"
    ),
    "换盐": f"UPDATE records_actcontent SET salt = zeroblob(32) WHERE act_id = {MIDDLE}",
    "删内容而没有销毁手续": f"DELETE FROM records_actcontent WHERE act_id = {MIDDLE}",
    "把一条记录挪到别的案件": (
        f"UPDATE records_act SET record_id = (SELECT min(id) FROM records_record) WHERE id = {ONE}"
    ),
    "删去封存序号": f"DELETE FROM records_leaf WHERE entry = {MIDDLE}",
    "清空封存序号": f"UPDATE records_leaf SET leaf_index = NULL WHERE entry = {LAST}",
    "删最新的检查点": "DELETE FROM records_head WHERE size = (SELECT max(size) FROM records_head)",
    "改旧检查点的树根": (
        "UPDATE records_head SET root = zeroblob(32) WHERE size = (SELECT min(size) FROM"
        " records_head)"
    ),
    "改旧检查点的原文": (
        "UPDATE records_head SET note = replace(note, '/', '+') WHERE size = (SELECT min(size) FROM"
        " records_head)"
    ),
    "改案件状态": (
        "UPDATE records_record SET state = 'closed' WHERE id = (SELECT record_id FROM records_act"
        " WHERE kind = 'decision.made')"
    ),
    "改效力登记": f"UPDATE records_effectiveact SET kind = 'case.opened' WHERE act_id = {ONE}",
    "用更早的记录作废决定": (
        "UPDATE records_effectiveact SET voided_by_id = (SELECT min(id) FROM records_act) WHERE act_id"
        f" = {ONE}"
    ),
    "改公示的正文": "UPDATE disclosure_publication SET body = replace(body, '元', '万元')",
    "改文书的正文": (
        "UPDATE documents_document SET body = replace(body, '元', '万元') WHERE kind LIKE"
        " '%decision%'"
    ),
    "换文书的电子版": (
        "UPDATE documents_document SET blob_id = (SELECT min(sha256) FROM records_blob) WHERE kind"
        " LIKE '%decision%'"
    ),
    "换附件": (
        "UPDATE records_attachment SET blob_id = (SELECT max(sha256) FROM records_blob WHERE sha256"
        " <> blob_id)"
    ),
}


def _edit(statement: str) -> Script:
    def run(folder: Path, old: Path) -> None:
        sql(folder, statement)

    return run


for _name, _statement in EDITS.items():
    SCRIPTS[_name] = _edit(_statement)


@script("改公示正文，连指纹一起改")
def publication(folder: Path, old: Path) -> None:
    body = json.loads(str(sql(folder, "SELECT body FROM disclosure_publication")[0][0]))
    body["party"] = "某公司"
    text = canonical(body)
    sql(
        folder,
        f"UPDATE disclosure_publication SET body = '{text}', text_hash ="
        f" '{hashlib.sha256(text.encode()).hexdigest()}'",
    )


@script("改内容，连指纹一起改")
def content(folder: Path, old: Path) -> None:
    _forge(folder)


def _forge(folder: Path) -> None:
    """The decision's happening an hour earlier, with a commitment that fits."""
    from mingzheng.records.acts import committed
    from mingzheng.records.models import Act

    sql(
        folder,
        f"UPDATE records_act SET happened_at = datetime(happened_at, '-1 hour') WHERE id = {ONE}",
    )
    act = Act.objects.get(kind="decision.made")
    text = canonical(committed(act, json.loads(act.content.body)))
    made = hashlib.sha256(bytes(act.content.salt) + text.encode()).hexdigest()
    sql(folder, f"UPDATE records_act SET commitment = x'{made}' WHERE id = {act.pk}")
    sql(folder, f"UPDATE records_leaf SET commitment = x'{made}' WHERE entry = {act.pk}")
    _forge_effect(folder, "records_act", act.pk)


def _forge_effect(folder: Path, table: str, key: int) -> None:
    """The last effect of a row says what the row says now, with a commitment that fits."""
    from mingzheng.records import effects, kept
    from mingzheng.records.models import Effect

    (model,) = (each for each in kept.models_kept() if each._meta.db_table == table)
    found = [
        each
        for each in Effect.objects.all()
        if [table, key] in [row[:2] for row in json.loads(each.body)["rows"]]
    ][-1]
    said, salt = json.loads(found.body), bytes(found.salt)
    for row in said["rows"]:
        if row[:2] == [table, key]:
            row[2] = effects.digest(salt, kept.read(model, [key])[key])
    body = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    bound = hashlib.sha256(salt + body.encode()).hexdigest()
    sql(
        folder,
        f"UPDATE records_effect SET body = '{body}' WHERE id = {found.pk}",
        f"UPDATE records_leaf SET commitment = x'{bound}' WHERE entry = {found.pk}",
    )


def _remove(folder: Path, which: str) -> None:
    act = sql(folder, f"SELECT {which}")[0][0]
    sql(
        folder,
        *(
            f"DELETE FROM records_{table} WHERE act_id = {act}"
            for table in ("actcontent", "effectiveact", "attachment")
        ),
        f"DELETE FROM records_leaf WHERE entry = {act}",
        f"DELETE FROM records_act WHERE id = {act}",
    )


@script("整条删去中间的记录")
def middle(folder: Path, old: Path) -> None:
    _remove(folder, MIDDLE)


@script("整条删去最后的记录")
def last(folder: Path, old: Path) -> None:
    _remove(folder, LAST)


@script("塞进一条没有封存的记录")
def inserted(folder: Path, old: Path) -> None:
    columns = [
        str(row[1]) for row in sql(folder, "PRAGMA table_info(records_act)") if row[1] != "id"
    ]
    names = ", ".join(f'"{each}"' for each in columns)
    sql(
        folder,
        f"INSERT INTO records_act (id, {names}) SELECT id + 1, {names} FROM records_act WHERE id ="
        f" {ONE}",
    )


@script("对调两条记录的封存序号")
def swapped(folder: Path, old: Path) -> None:
    rows = sql(
        folder,
        "SELECT id, leaf_index FROM records_leaf ORDER BY leaf_index DESC LIMIT 2",
    )
    (one, first), (two, second) = rows
    sql(
        folder,
        f"UPDATE records_leaf SET leaf_index = -1 WHERE id = {one}",
        f"UPDATE records_leaf SET leaf_index = {first} WHERE id = {two}",
        f"UPDATE records_leaf SET leaf_index = {second} WHERE id = {one}",
    )


def flip(path: Path, at: int = -1) -> None:
    """One bit."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if at < 0 else at] ^= 1
    path.write_bytes(data)


def blobs(folder: Path) -> list[Path]:
    """The stored files that rows speak of."""
    return [
        folder / "store" / str(sha)[:2] / str(sha)[2:4] / str(sha)
        for (sha,) in sql(folder, "SELECT sha256 FROM records_blob ORDER BY 1")
    ]


@script("翻转一份文件里的一位")
def blob_bit(folder: Path, old: Path) -> None:
    flip(blobs(folder)[0])


@script("截短一份文件")
def blob_cut(folder: Path, old: Path) -> None:
    path = blobs(folder)[-1]
    path.write_bytes(path.read_bytes()[:-1])


@script("删去一份文件")
def blob_gone(folder: Path, old: Path) -> None:
    blobs(folder)[0].unlink()


@script("对调两份文件")
def blob_swapped(folder: Path, old: Path) -> None:
    one, two = blobs(folder)[:2]
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def tiles(folder: Path, level: str) -> list[Path]:
    """The files of a level, the newest last."""
    return sorted(
        (folder / "log/tile" / level).rglob("*"),
        key=lambda path: (path.is_file(), path.stat().st_size),
    )


@script("翻转散列块里的一位")
def tile_bit(folder: Path, old: Path) -> None:
    flip(tiles(folder, "0")[-1])


@script("翻转条目包里的一位")
def entry_bit(folder: Path, old: Path) -> None:
    flip(tiles(folder, "entries")[-1])


@script("删去条目包")
def entries_gone(folder: Path, old: Path) -> None:
    tiles(folder, "entries")[-1].unlink()


@script("改检查点里的条数")
def checkpoint(folder: Path, old: Path) -> None:
    path = folder / "log/checkpoint"
    rows = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join([rows[0], str(int(rows[1]) - 1), *rows[2:]]), encoding="utf-8")


def _back(folder: Path, old: Path, *names: str) -> None:
    for name in names:
        place = folder / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        (
            shutil.copytree(old / name, place)
            if (old / name).is_dir()
            else shutil.copy2(old / name, place)
        )


BACKUPS = {
    "恢复旧数据库": ("mingzheng.sqlite3",),
    "恢复旧日志": ("log",),
    "恢复旧密钥目录": ("keys",),
    "恢复旧数据库和旧日志": ("mingzheng.sqlite3", "log"),
    "恢复旧日志和旧密钥目录": ("log", "keys"),
    "全部恢复成旧备份": ("mingzheng.sqlite3", "log", "keys", "store"),
}


def _restore(names: tuple[str, ...]) -> Script:
    def run(folder: Path, old: Path) -> None:
        _back(folder, old, *names)

    return run


for _name, _names in BACKUPS.items():
    SCRIPTS[_name] = _restore(_names)


def rebuild(folder: Path, signer: Signer | None = None) -> None:
    """The whole log anew from the database as it stands now, signed again: nothing on the spot
    contradicts it.
    """
    signer = signer or Signer.read((folder / "keys/ledger.key").read_text())
    rows = sql(
        folder,
        "SELECT ifnull(a.commitment, l.commitment) FROM records_leaf l LEFT JOIN records_act a"
        " ON a.id = l.entry ORDER BY l.leaf_index",
    )
    shutil.rmtree(folder / "log")
    log = Log(folder / "log")
    log.append([bytes(row[0]) for row in rows])
    log.settle()
    text = Checkpoint(signer.name, len(rows), log.root).text
    note = str(Note(text, (signer.sign(text),)))
    log.publish(note.encode())
    (folder / "log/vkey").write_text(f"{signer.verifier}\n")
    (folder / "keys/head").write_text(note)
    (folder / "keys/ledger.key").write_text(f"{signer}\n")
    with closing(sqlite3.connect(folder / "mingzheng.sqlite3")) as base, base:
        base.execute("DELETE FROM records_cosignature")
        base.execute("DELETE FROM records_head")
        base.execute(
            "INSERT INTO records_head (size, root, note, signed_at) VALUES (?, ?, ?,"
            " datetime('now'))",
            (len(rows), log.root, note),
        )
    log.close()


@script("改决定后用原密钥重建整个日志")
def rewritten(folder: Path, old: Path) -> None:
    _forge(folder)
    rebuild(folder)


@script("删最后一条后用原密钥重建更短的日志")
def shortened(folder: Path, old: Path) -> None:
    _remove(folder, LAST)
    rebuild(folder)


@script("对调两条后用原密钥重建同样长的日志")
def reordered(folder: Path, old: Path) -> None:
    swapped(folder, old)
    rebuild(folder)


@script("换一把密钥重建整个日志")
def resigned(folder: Path, old: Path) -> None:
    name = (folder / "log/vkey").read_text().split("+")[0]
    rebuild(folder, Signer(name, 1, secrets.token_bytes(32)))


@script("拨回时钟后补做一条记录并正常封存")
def clock_back(folder: Path, old: Path) -> None:
    _while_the_clock_is(folder, 0, 11)


@script("拨快时钟做一条记录，封存见证后再拨回")
def clock_ahead(folder: Path, old: Path) -> None:
    _while_the_clock_is(folder, 5, 21)


def _while_the_clock_is(folder: Path, days: int, hour: int) -> None:
    from datetime import timedelta

    from mingzheng.core import clock
    from mingzheng.records import acts as record_acts
    from mingzheng.records.models import Act, Cosignature, Head
    from mingzheng.records.seal import seal_pending
    from mingzheng.site.demo.play import at

    act = Act.objects.get(kind="decision.made")
    seen = Cosignature.objects.latest("stamped_at").stamped_at
    with at((clock.local(seen) + timedelta(days=days)).date(), hour):
        record_acts.append(
            record_acts.lock(act.record_id), None, record_acts.Entry(kind="duty.urged")
        )
    seal_pending()
    if days > 0:
        head = Head.objects.latest("size")
        Cosignature.objects.create(
            head=head, witness="市司法局", line="— x y\n", stamped_at=seen + timedelta(minutes=1)
        )
