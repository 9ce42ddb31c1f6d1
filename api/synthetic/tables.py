"""Reads the tables that stand beside this module: what is drawn from, apart to be argued with.

nationalities.tsv: REPORTED are 31,258 foreigners of 60 nationalities, 23,375 of them Chinese and
2,946 Vietnamese (report of May 2022 or 2023) and 468 Malaysians (January 2023); all else ASSUMED.
kinds.tsv, communes.tsv: ASSUMED; the points are near a commune's middle, no survey.
names.tsv: ordinary names by origin, from which people are drawn who do not exist.
"""

from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec
from msgspec import Struct

_Row = TypeVar("_Row", bound=Struct)


class Nationality(Struct, frozen=True):
    """How many of one nationality (code as passports print it), and what goes with it.

    `asean`: they may enter without a visa for a short stay; terms change and are no rule here.
    """

    code: str
    count: int
    origin: str
    slip_language: str
    asean: bool


class Kind(Struct, frozen=True):
    """One kind of premises: how many, how large, what share of its people work there."""

    kind: str
    count: int
    rooms_min: int
    rooms_max: int
    working: float
    km: str
    en: str
    zh: str


class Commune(Struct, frozen=True):
    """One commune: its share of the premises, and about where it lies in degrees."""

    place_id: str
    share: float
    lat: float
    lon: float


class Name(Struct, frozen=True):
    """One name: Latin as passports print it, native where its bearers write it otherwise."""

    origin: str
    part: str
    latin: str
    native: str


@cache
def nationalities() -> dict[str, Nationality]:
    """Give all nationalities by code."""
    return {row.code: row for row in _read("nationalities.tsv", Nationality)}


@cache
def kinds() -> dict[str, Kind]:
    """Give all kinds of premises by their code."""
    return {row.kind: row for row in _read("kinds.tsv", Kind)}


@cache
def communes() -> dict[str, Commune]:
    """Give all communes by place."""
    return {row.place_id: row for row in _read("communes.tsv", Commune)}


@cache
def names() -> dict[tuple[str, str], list[Name]]:
    """Give the names by origin and part."""
    found: dict[tuple[str, str], list[Name]] = {}
    for row in _read("names.tsv", Name):
        found.setdefault((row.origin, row.part), []).append(row)
    return found


def _read(file: str, row: type[_Row]) -> list[_Row]:
    text = files("api.synthetic").joinpath(file).read_text(encoding="utf-8")
    header, *lines = (line.split("\t") for line in text.splitlines())
    records = [dict(zip(header, line, strict=True)) for line in lines]
    return msgspec.convert(records, list[row], strict=False)
