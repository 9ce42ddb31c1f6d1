"""The OpenAPI document over HTTP: the committed file, as tests/tidy keeps it fresh."""

from pathlib import Path
from typing import Final

from litestar import Controller, Response, get

_OPENAPI: Final = Path(__file__).parent / "openapi.json"


class SchemaController(Controller):
    """The description of this interface."""

    path = "/schema"

    @get(["/", "/openapi.json"], opt={"operation": "schema"}, sync_to_thread=False)
    def read(self) -> Response[bytes]:
        """Return the OpenAPI 3.1 document."""
        return Response(_OPENAPI.read_bytes(), media_type="application/json")
