"""Which names a record knows, down to the last part; apart from records, for whoever knows none.

A document may say more than this version reads: that stays in its bytes, and nobody is shown it,
for it may hold in full what stands masked where it belongs.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from msgspec import Struct, inspect


class Shape(Struct, frozen=True):
    """The names of an object with what may stand under each; a list has the shape of its parts.

    `rest` is what stands under any other name, where every name is known. A text has no names.
    `fits` says which values are meant, where no record has made sure of it.
    """

    names: Mapping[str, "Shape"] = {}
    rest: "Shape | None" = None
    fits: Callable[[object], bool] | None = None

    def takes(self, value: object) -> bool:
        """Say whether this value may stand here."""
        return self.fits is None or self.fits(value)


Shapes = Mapping[str, Shape]
"""By kind of document, each with its disclosures in line."""
PLAIN = Shape()
"""That of a text or number."""


def shape_of(of: type[Struct]) -> Shape:
    """Return what a Struct knows, with the names that stand in JSON."""
    return _read(inspect.type_info(of))


def _read(known: inspect.Type) -> Shape:
    match known:
        case inspect.StructType(fields=fields):
            return Shape({field.encode_name: _read(field.type) for field in fields})
        case inspect.UnionType(types=types):
            return next((shape for shape in map(_read, types) if shape is not PLAIN), PLAIN)
        case inspect.CollectionType(item_type=part):
            return _read(part)
        case inspect.DictType(value_type=part):
            return Shape(rest=_read(part))
        case _:
            return PLAIN


def keep(value: Any, shape: Shape) -> Any:
    """Return JSON without what its shape does not name, also inside its parts."""
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value).items()
        named = ((name, part, shape.names.get(name, shape.rest)) for name, part in parts)
        return {name: keep(part, of) for name, part, of in named if of and of.takes(part)}
    if shape is PLAIN:
        return value
    if isinstance(value, list):
        return [keep(part, shape) for part in cast("list[Any]", value)]
    return value
