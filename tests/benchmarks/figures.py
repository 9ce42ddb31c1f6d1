"""One measured figure beside its goal; the goals are those of the design's table."""

from msgspec import Struct


class Figure(Struct, frozen=True):
    """A value, what it should be, and whether it is; without a goal it only informs."""

    name: str
    value: float
    goal: str
    holds: bool


def at_least(name: str, value: float, goal: float) -> Figure:
    return Figure(name, round(value, 3), f">= {goal:g}", value >= goal)


def at_most(name: str, value: float, goal: float) -> Figure:
    return Figure(name, round(value, 3), f"<= {goal:g}", value <= goal)


def informs(name: str, value: float) -> Figure:
    return Figure(name, round(value, 3), "", holds=True)
