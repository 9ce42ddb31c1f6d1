"""Puts `GET /metrics` into an application of its own: it is never on the public address."""

import importlib
from importlib.util import find_spec
from typing import Any, Final

from litestar import Litestar, Request, Response, get
from litestar.exceptions import HTTPException

from api.metrics.reading import take_reading
from api.problems import Refusal
from api.register import Register
from api.rendering import render_defect, render_http, render_refusal

PACKAGE: Final = "prometheus-client"


def can_be_served() -> bool:
    """Say whether the extra `metrics` is installed."""
    return find_spec("prometheus_client") is not None


def create_metrics(register: Register) -> Litestar:
    """Return the application over a register that is open."""
    figures = importlib.import_module("api.metrics.families").Figures(register)

    @get("/metrics", opt={"operation": "metrics"})
    async def read_metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Return the figures as Prometheus reads them."""
        reading = await take_reading(register)
        text, media_type = figures.write(reading, request.headers.get("accept", ""))
        return Response(text, headers={"Content-Type": media_type})

    return Litestar(
        route_handlers=[read_metrics],
        exception_handlers={
            Refusal: render_refusal,
            HTTPException: render_http,
            Exception: render_defect,
        },
        openapi_config=None,
        logging_config=None,
    )
