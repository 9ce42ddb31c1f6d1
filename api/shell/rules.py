"""What of a place goes into the app: pure."""

from api.places.records import Places
from api.shell.records import ShellPlace


def describe_places(places: Places) -> list[ShellPlace]:
    """Return every place without its codes, in the order of the gazetteer."""
    return [
        ShellPlace(
            place_id=place.place_id,
            level=place.level,
            parent=place.parent,
            type_km=place.type_km,
            type_latin=place.type_latin,
            name_km=place.name_km,
            name_latin=place.name_latin,
        )
        for place in places.by_id.values()
    ]
