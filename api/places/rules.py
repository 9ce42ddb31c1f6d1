"""Reads the gazetteer and answers which place a code means on a day: pure."""

from collections.abc import Iterable, Mapping
from typing import cast

from msgspec.structs import replace

from api.places.records import Level, Place, PlaceCode, Places


def read_gazetteer(rows: Iterable[Mapping[str, str]]) -> Places:
    """Return the places; rows of one place_id are merged, the last says where it is now."""
    rows = list(rows)
    owners = {row["ncdd_code"]: row["place_id"] for row in rows if row["level"] != "commune"}
    by_id: dict[str, Place] = {}
    for row in rows:
        place = _read_place(row, owners)
        earlier = by_id.get(place.place_id)
        if earlier is not None:
            place = replace(place, codes=(*earlier.codes, *place.codes))
        by_id[place.place_id] = place
    return Places(by_id)


def find_by_code(places: Places, code: str, day: str) -> list[Place]:
    """Return every place that an official code of any scheme means on a day (`2022-09-24`)."""
    return [
        place
        for place in places.by_id.values()
        if any(known.code == code and _holds(known, day) for known in place.codes)
    ]


def list_covered(places: Places, named: Iterable[str]) -> tuple[str, ...]:
    """Return what rights over these places name: a district stands for its communes of today."""
    covered: dict[str, None] = {}
    for place_id in named:
        below = [place.place_id for place in places.communes if place.parent == place_id]
        is_district = places.by_id[place_id].level == "district"
        covered.update(dict.fromkeys(below if is_district else [place_id]))
    return tuple(covered)


def _holds(code: PlaceCode, day: str) -> bool:
    return (not code.valid_from or code.valid_from <= day) and (
        not code.valid_to or day < code.valid_to
    )


def _read_place(row: Mapping[str, str], owners: Mapping[str, str]) -> Place:
    codes = [PlaceCode("ncdd", row["ncdd_code"], row["valid_from"], row["valid_to"])]
    if row["mef2025_code"]:
        codes.append(PlaceCode("mef", row["mef2025_code"], row["valid_from"], row["valid_to"]))
    return Place(
        place_id=row["place_id"],
        level=cast("Level", row["level"]),
        parent=owners.get(row["parent_code"]),
        type_km=row["type_km"],
        type_latin=row["type_latin"],
        name_km=row["name_km"],
        name_latin=row["name_latin"],
        codes=tuple(codes),
    )
