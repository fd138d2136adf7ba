"""A collection folder of body cameras: file names say device, officer and time; each file is
matched to a matter. Reads only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mingzheng.agencies.acts.equipment import holder_at
from mingzheng.agencies.models import Agency, Certificate, Device, Person
from mingzheng.core import clock
from mingzheng.evidence.models import Upload
from mingzheng.records.models import Act, Record

# DEVICE_OFFICER_20260407094500.mp4, as most collection stations name them; another pattern may be
# given.
PATTERN = r"(?P<device>[^_]+)_(?P<officer>[^_]*)_(?P<time>\d{14})(?:_.*)?\.\w{2,5}"
NEAR = timedelta(hours=4)


@dataclass
class Found:
    """One file: whose, when, with which device, for which matter; `why` says what could not be
    told, in Chinese.
    """

    path: Path
    at: datetime | None = None
    device: Device | None = None
    person: Person | None = None
    record: Record | None = None
    why: str = ""
    known: bool = False

    @property
    def ready(self) -> bool:
        """Whether it may be taken in: its time and its officer are known, and it is not here
        yet.
        """
        return self.at is not None and self.person is not None and not self.known


def look(folder: Path, agency: Agency, pattern: str = PATTERN) -> Iterator[Found]:
    """Every file of the folder, in order of name, with what its name and the registers say."""
    shape = re.compile(pattern)
    for path in sorted(
        each for each in folder.iterdir() if each.is_file() and not each.name.startswith(".")
    ):
        found = Found(path)
        said = shape.fullmatch(path.name)
        if said is None:
            found.why = "文件名认不出设备、人员和时间"
        elif path.stat().st_size == 0:
            found.why = "文件是空的"
        else:
            _read(found, agency, said.group("device"), said.group("officer"), said.group("time"))
        yield found


def _read(found: Found, agency: Agency, device: str, officer: str, time: str) -> None:
    try:
        found.at = clock.local(datetime.strptime(time, "%Y%m%d%H%M%S"))
    except ValueError:
        found.why = f"时间 {time} 不是一个日期"
        return
    if found.at > clock.now():
        found.why, found.at = "文件名上的时间在将来，设备时钟可能不准", None
        return
    found.device = Device.objects.filter(agency=agency, number=device).first()
    found.person = _officer(agency, officer) or (
        holder_at(found.device, found.at) if found.device else None
    )
    if found.person is None:
        holder = "设备当时没有人领用" if found.device else "设备没有登记"
        found.why = f"不知道是谁录的：“{officer}”不是本机关人员，{holder}"
        return
    found.known = Upload.objects.filter(person_id=found.person.pk, client=client(found)).exists()
    found.record = _matter(agency, found.person, found.at)
    if found.known:
        found.why = "已经导入过"
    elif found.record is None:
        found.why = "没有对上案件，由本人归入"


def client(found: Found) -> str:
    """The name under which a file is imported once: of the same name and size it is the same
    file.
    """
    return f"import-{found.path.name}-{found.path.stat().st_size}"[:100]


def _officer(agency: Agency, word: str) -> Person | None:
    if not word:
        return None
    held = Certificate.objects.filter(agency=agency, number=word).select_related("person").first()
    return (
        held.person
        if held
        else Person.objects.filter(posts__agency=agency, name=word).distinct().first()
    )


def _matter(agency: Agency, person: Person, at: datetime) -> Record | None:
    """The matter of the agency in which this person did something nearest to that moment; None
    when it is not clear.
    """
    near = (
        Act.objects.filter(
            agency_id=agency.pk, actor_id=person.pk, happened_at__range=(at - NEAR, at + NEAR)
        )
        .exclude(record__procedure="")
        .select_related("record")
    )
    best: dict[int, tuple[timedelta, Record]] = {}
    for act in near:
        gap = abs(act.happened_at - at)
        if act.record_id not in best or gap < best[act.record_id][0]:
            best[act.record_id] = (gap, act.record)
    ordered = sorted(best.values(), key=lambda pair: pair[0])
    clear = ordered and (len(ordered) == 1 or ordered[1][0] - ordered[0][0] > timedelta(minutes=10))
    return ordered[0][1] if clear else None
