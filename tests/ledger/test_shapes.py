"""What a record knows, down to its last part, and what is kept of a text that says more."""

from typing import Literal

from msgspec import Struct

from api.ledger.shapes import keep, shape_of


class Part(Struct, rename={"class_": "class"}):
    """A part."""

    class_: str


class Whole(Struct):
    """A record with a part in every place where one can stand."""

    plain: str
    own: Part
    perhaps: Part | Literal["unknown"] | None = None
    many: tuple[Part, ...] = ()
    named: dict[str, Part] = {}
    drawn: list[list[tuple[float, float]]] = []


PART = {"class": "EB", "class_": 1, "more": {"class": 2}}
KEPT = {"class": "EB"}


def kept(**values: object) -> object:
    return keep(values, shape_of(Whole))


def test_a_name_that_no_record_knows_is_left_out():
    assert kept(plain="a", more="b", class_="c", **{"*": "d"}) == {"plain": "a"}


def test_parts_are_read_wherever_they_stand():
    said = kept(own=PART, perhaps=PART, many=[PART, PART], named={"km": PART})
    assert said == {"own": KEPT, "perhaps": KEPT, "many": [KEPT, KEPT], "named": {"km": KEPT}}


def test_what_is_known_stays_as_it_is():
    values = {"plain": "a", "perhaps": "unknown", "drawn": [[(0.1, 0.2)]], "own": None}
    assert kept(**values) == values


def test_an_object_where_a_text_belongs_says_nothing():
    assert kept(plain={"class": "EB"}) == {"plain": {}}
