"""Marks follow from dates and links, and each side sees what is meant for it."""

from datetime import date
from typing import get_args

import msgspec

from api.marks.records import Mark, MarkCode, PremisesFacts, StayFacts
from api.marks.rules import premises_marks, stay_marks, visible_marks
from tests.golden import golden

Marks = tuple[Mark, ...]


@golden("marks", "stays")
def test_a_stay_has_the_marks_that_follow_from_its_facts(case):
    stay = msgspec.convert(case["stay"], StayFacts)
    today = date.fromisoformat(case["today"])
    assert stay_marks(stay, today) == msgspec.convert(case["marks"], Marks)


@golden("marks", "premises")
def test_premises_have_the_marks_that_follow_from_their_declaration(case):
    premises = msgspec.convert(case["premises"], PremisesFacts)
    assert premises_marks(premises) == msgspec.convert(case["marks"], Marks)


@golden("marks", "visible")
def test_each_side_sees_the_marks_meant_for_it(case):
    marks = tuple(Mark(code) for code in case["codes"])
    visible = visible_marks(marks, case["side"])
    assert [mark.code for mark in visible] == case["visible"]


@golden("marks", "visible")
def test_every_mark_is_asked_about(case):
    assert case["codes"] == [*get_args(MarkCode)]
