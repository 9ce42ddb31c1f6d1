"""Reading places: the gazetteer with its dated codes, for programs that know communes by code."""

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from api.answers import tag
from api.places.records import Place, Places
from api.places.rules import find_by_code


class PlacesController(Controller):
    """Provinces, districts and communes."""

    path = "/v1/places"

    @get(opt={"operation": "places.list"})
    async def list_all(
        self,
        places: NamedDependency[Places],
        code: FromQuery[str | None] = None,
        on: FromQuery[str] = "",
    ) -> Response[list[Place]]:
        """Return every place, or those that an official code meant on a day (`2022-09-24`)."""
        return tag(find_by_code(places, code, on) if code else list(places.by_id.values()))
