"""A real installation begins from one file: all of it or nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password

from mingzheng.agencies.models import Account, Agency, Certificate
from mingzheng.catalogue.models import Item
from mingzheng.documents.models import NumberSeries
from mingzheng.records.models import AdoptedPack
from mingzheng.records.refusal import Refused
from mingzheng.site.founding import found_from

pytestmark = pytest.mark.django_db
RUNNING = Path(__file__).resolve().parents[2] / "docs" / "running.md"


def example() -> str:
    """The example of docs/running.md, as it stands there."""
    found = re.search(r"```toml\n(.*?)```", RUNNING.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


def written(folder: Path, text: str) -> Path:
    """The text as a file."""
    path = folder / "agency.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_of_the_docs_founds_an_agency_that_can_work(tmp_path: Path) -> None:
    accounts = found_from(written(tmp_path, example()))
    agency = Agency.objects.get(code="gx")
    assert [login for _, login, _ in accounts] == ["zhangsan", "wangshen"]
    assert check_password(accounts[0][2], Account.objects.get(login="zhangsan").password)
    assert agency.reconsideration is not None and agency.reconsideration.name == "示例县人民政府"
    assert AdoptedPack.objects.filter(agency_id=agency.pk, pack="wenshang-industry").count() == 1
    assert Item.objects.get(agency=agency).code == "jn-82"
    assert Certificate.objects.get(agency=agency).number == "37083000001"
    assert NumberSeries.objects.get(agency_id=agency.pk).last == 17


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('roles = ["handler"]', 'roles = ["boss"]'), "不认识的角色 boss"),
        (('unit = "节能监察科", title', 'unit = "没有的科", title'), "没有“没有的科”这个科室"),
        (('kind = "statutory"', 'kind = "wrong"'), "kind 只能是"),
        (('login = "wangshen"', 'login = "zhangsan"'), "已经登记过"),
        (('pack = "wenshang-industry"', 'pack = "nowhere"'), "没有规则包“nowhere”"),
        (('name = "示例县工业和信息化局"\n', ""), "缺少 name"),
        (("[[item]]", "[[item"), "读不出来"),
    ],
)
def test_a_fault_in_the_file_founds_nothing(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    text = example()
    assert change[0] in text
    before = Agency.objects.count()
    with pytest.raises(Refused) as refusal:
        found_from(written(tmp_path, text.replace(*change)))
    assert words in str(refusal.value)
    assert (
        Agency.objects.count() == before and not Account.objects.filter(login="zhangsan").exists()
    )
