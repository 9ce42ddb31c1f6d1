"""Reading places: the gazetteer with its dated codes, for programs that know communes by code."""

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from api.answers import tag
from api.facts.dates import is_full_date
from api.places.records import Place, Places
from api.places.rules import find_by_code
from api.problems import Unprocessable
from sync.messages import FieldError


class PlacesController(Controller):
    """Provinces, districts and communes."""

    path = "/v1/places"

    @get(opt={"operation": "places.list"})
    async def list_all(
        self,
        places: NamedDependency[Places],
        today: NamedDependency[str],
        code: FromQuery[str | None] = None,
        on: FromQuery[str | None] = None,
    ) -> Response[list[Place]]:
        """Return every place, or those that an official code means today or meant on a day.

        Raises Unprocessable when `on` is no day of the calendar (`2022-09-24`).
        """
        if on is not None and not is_full_date(on):
            raise Unprocessable("schema", errors=(FieldError("/on", "field.date"),))
        found = find_by_code(places, code, on or today) if code else list(places.by_id.values())
        return tag(found)
