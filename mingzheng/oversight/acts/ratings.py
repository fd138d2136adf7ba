"""An enterprise rates a visit: once, and without the unit being able to tell which visit it was."""

from __future__ import annotations

from django.db import IntegrityError

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.oversight.models import Rated, Rating
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

QUESTIONS = {
    "shown": "检查人员主动出示了证件",
    "told": "说清了事由、依据和权利",
    "courteous": "态度文明、没有额外要求",
    "minimal": "没有影响正常经营",
}
ANSWERS = {"yes": "是", "partly": "不完全是", "no": "否"}


def rate(agency: Agency, code: str, marks: dict[str, str]) -> Rating:
    """国办发〔2024〕54号: what the enterprise thought of it, summed up with others; nothing ties
    the marks to the visit.

    Raises Refused for a second rating of the same visit or for marks that are none.
    """
    if set(marks) != set(QUESTIONS) or not set(marks.values()) <= set(ANSWERS):
        raise refuse("请每一项都选一个答案。")
    try:
        with work():
            Rated.objects.create(code=code)
            made: Rating = Rating.objects.create(
                agency=agency, month=clock.today().replace(day=1), marks=marks
            )
            return made
    except IntegrityError as error:
        raise refuse("这次检查已经评价过了，每次检查只能评价一次。") from error
