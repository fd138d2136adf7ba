"""投诉与更正: what people told the agency, filtered, ordered, paged, or as a sheet."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.desk.exporting import exported
from mingzheng.desk.identity import signed_in
from mingzheng.desk.lists import feedbacks
from mingzheng.desk.menu import shell
from mingzheng.oversight import ratings
from mingzheng.oversight.acts.ratings import ANSWERS, QUESTIONS
from mingzheng.records.actors import Actor


@signed_in
def feedback_list(request: SignedRequest) -> HttpResponseBase:
    """The list, or its sheet."""
    by: Actor = request.actor
    listing, parts = feedbacks.listing(), feedbacks.parts(access.reach(by))
    if taken := exported(request, listing, parts):
        return taken
    agency = Agency.objects.get(pk=by.agency_id)
    return render(
        request,
        "desk/feedback.html",
        shell(
            request,
            "feedback",
            {
                "page": listing.page(parts, request.GET),
                "least": ratings.least(agency),
                "ratings": [
                    (
                        each,
                        [
                            (
                                name,
                                [
                                    (answer, each.marks[key][code])
                                    for code, answer in ANSWERS.items()
                                ],
                            )
                            for key, name in QUESTIONS.items()
                        ],
                    )
                    for each in ratings.sums(agency)
                ],
            },
        ),
    )
