"""A place and its dated codes."""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

Level = Literal["province", "district", "commune"]


class PlaceCode(Struct, frozen=True):
    """An official code and the days between which it held; empty means open."""

    scheme: Literal["ncdd", "mef"]
    code: str
    valid_from: str
    valid_to: str


class Place(Struct, frozen=True, kw_only=True):
    """A place under its stable id; parent and types are those of today."""

    place_id: str
    level: Level
    parent: str | None
    type_km: str
    type_latin: str
    name_km: str
    name_latin: str
    codes: tuple[PlaceCode, ...]


class Places(Struct, frozen=True):
    """All places of a province."""

    by_id: Mapping[str, Place]

    @property
    def ids(self) -> frozenset[str]:
        """Every place id."""
        return frozenset(self.by_id)

    @property
    def communes(self) -> tuple[Place, ...]:
        """The communes in the order of the gazetteer."""
        return tuple(place for place in self.by_id.values() if place.level == "commune")

    def ancestry(self, place_id: str) -> tuple[str, ...]:
        """Return a place and everything above it, nearest first."""
        place = self.by_id.get(place_id)
        if place is None:
            return ()
        return (place_id, *(self.ancestry(place.parent) if place.parent else ()))

    def within(self, place_ids: Iterable[str]) -> tuple[str, ...]:
        """Return these places and everything below them, in the order of the gazetteer."""
        above = set(place_ids)
        return tuple(
            place_id for place_id in self.by_id if not above.isdisjoint(self.ancestry(place_id))
        )

    def names(self, place_id: str) -> dict[str, str | None]:
        """Return the names of a place by language; the gazetteer holds none in Chinese."""
        place = self.by_id[place_id]
        return {"km": place.name_km, "en": place.name_latin, "zh": None}


class PostRow(Struct, frozen=True):
    """What is known of the post that serves a commune; None where nothing was recorded."""

    name: str | None
    push_url: str | None
    fetched_ms: int | None
