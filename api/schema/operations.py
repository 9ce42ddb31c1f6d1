"""Every route as an operation: what it takes, what it answers, who may call it, how it refuses."""

from collections.abc import Iterator, Mapping
from mimetypes import guess_type
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin

from litestar import Litestar, Response
from litestar.enums import HttpMethod, RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import (
    BodyKwarg,
    HeaderParameter,
    ParameterKwarg,
    PathParameter,
    QueryParameter,
)
from litestar.routes import HTTPRoute
from litestar.types import Empty
from litestar.typing import FieldDefinition
from litestar.utils.signature import ParsedSignature
from msgspec import Meta, Struct
from msgspec.structs import replace

from api.access import OPERATION_SCOPES, OPERATIONS, PUBLIC

_FILES: Final = ("app.files", "verify.page", "schema")
_PAGES: Final = (*_FILES, "setup")
_WHERE: Final[dict[type, str]] = {
    HeaderParameter: "header",
    PathParameter: "path",
    QueryParameter: "query",
}
_LIMITS: Final = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern")


class Asked(Struct, frozen=True):
    """A parameter: where it stands, and the type that it is read as."""

    name: str
    where: str
    of: Any
    is_required: bool
    default: Any = None
    said: str | None = None
    required_of: tuple[str, ...] = ()


class Operation(Struct, frozen=True, kw_only=True):
    """What the document says of one method of one path."""

    path: str
    method: str
    name: str
    operation: str
    said: str
    asked: tuple[Asked, ...]
    body: Any = None
    media_type: str = "application/json"
    answer: Any = None
    answer_type: str = "application/json"
    statuses: tuple[int, ...] = ()

    @property
    def is_public(self) -> bool:
        """Say whether no token is needed."""
        return self.operation in PUBLIC

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that may call it."""
        return tuple(OPERATIONS.get(self.operation, ()))

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of which a program needs one; none are its own affairs, or not for it."""
        return OPERATION_SCOPES.get(self.operation, ())


def check_operations(app: Litestar) -> None:
    """Raise LookupError for a handler whose operation is not in `access`."""
    for _, handler in _list_handlers(app):
        operation = handler.opt.get("operation")
        is_listed = operation in OPERATIONS or operation in PUBLIC
        if not is_listed and handler.http_methods != {HttpMethod.OPTIONS}:
            message = f"{handler} has no entry in api/access.py"
            raise LookupError(message)


def list_operations(app: Litestar) -> list[Operation]:
    """Return every operation in the order of paths and methods; files of the app are none."""
    found = [
        _read_handler(path, method, handler)
        for path, handler in _list_handlers(app)
        if handler.opt.get("operation") not in _PAGES
        for method in sorted(handler.http_methods - {HttpMethod.OPTIONS})
    ]
    return sorted(found, key=lambda one: (one.path, one.method))


def list_queries(app: Litestar) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the names that each path and method takes in its query; files take any."""
    return {
        (path, method): frozenset(
            asked.name
            for field in _list_fields(handler, handler.parsed_fn_signature)
            if (asked := _read_field(field, path, None)) and asked.where == "query"
        )
        for path, handler in _list_handlers(app)
        if handler.opt.get("operation") not in _FILES
        for method in handler.http_methods - {HttpMethod.OPTIONS}
    }


def _list_handlers(app: Litestar) -> list[tuple[str, HTTPRouteHandler]]:
    """Return every handler with its path, `{…}` where something of the caller's stands."""
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    return [(route.path_format, handler) for route in routes for handler in route.route_handlers]


def _read_handler(path: str, method: str, handler: HTTPRouteHandler) -> Operation:
    fields = list(_list_fields(handler, handler.parsed_fn_signature))
    data = next((field for field in fields if isinstance(field.kwarg_definition, BodyKwarg)), None)
    headers: Mapping[str, bool] | None = handler.opt.get("headers")
    needs: Mapping[str, tuple[str, ...]] = handler.opt.get("needs", {})
    read = [one for field in fields if (one := _read_field(field, path, headers))]
    asked = {one.name: replace(one, required_of=needs.get(one.name, ())) for one in read}
    return Operation(
        path=path,
        method=method.lower(),
        name=handler.fn.__qualname__.replace("Controller.", "_").lower(),
        operation=handler.opt["operation"],
        said=handler.fn.__doc__ or "",
        asked=tuple(asked.values()),
        body=_body(handler, data),
        media_type=handler.opt.get("takes") or _media_type(data),
        answer=_answer(handler.parsed_fn_signature.return_type),
        answer_type=handler.opt.get("answers", guess_type(path)[0] or "application/json"),
        statuses=(handler.status_code, *handler.opt.get("statuses", ())),
    )


def _list_fields(
    handler: HTTPRouteHandler, signature: ParsedSignature
) -> Iterator[FieldDefinition]:
    """Return the parameters of a handler and of the dependencies that it names."""
    provided = handler.resolve_dependencies()
    for name, field in signature.parameters.items():
        if name in provided:
            yield from _list_fields(handler, provided[name].parsed_fn_signature)
        else:
            yield field


def _read_field(
    field: FieldDefinition, path: str, headers: Mapping[str, bool] | None
) -> Asked | None:
    """Return a parameter; `headers` says which of a dependency's matter here, and must be sent."""
    kwarg = field.kwarg_definition
    where = _WHERE.get(type(kwarg))
    if where is None or not isinstance(kwarg, ParameterKwarg):
        return None
    name = kwarg.name or field.name
    if where == "path" and f"{{{name}}}" not in path:
        return None
    if where == "header" and headers is not None and name not in headers:
        return None
    limits = {limit: value for limit in _LIMITS if (value := getattr(kwarg, limit)) is not None}
    given = _given(field.annotation)
    of = Annotated[given, Meta(**limits)] if limits else given
    has_default = field.default is not Empty
    return Asked(
        name=name,
        where=where,
        of=of,
        is_required=where == "path" or not has_default or (headers or {}).get(name, False),
        default=field.default if has_default else None,
        said=kwarg.description,
    )


def _given(of: Any) -> Any:
    """Return the type of a parameter that is given: what may be left out is never null."""
    given = [part for part in get_args(of) if part is not NoneType]
    return given[0] if NoneType in get_args(of) and len(given) == 1 else of


def _body(handler: HTTPRouteHandler, data: FieldDefinition | None) -> Any:
    """Return the type of what is sent; bytes where `opt` says that it is no text."""
    if "takes" in handler.opt:
        return bytes
    return handler.opt.get("content", data.raw if data else None)


def _media_type(data: FieldDefinition | None) -> str:
    kwarg = None if data is None else data.kwarg_definition
    if isinstance(kwarg, BodyKwarg) and kwarg.media_type == RequestEncodingType.URL_ENCODED:
        return RequestEncodingType.URL_ENCODED
    return RequestEncodingType.JSON


def _answer(field: FieldDefinition) -> Any:
    """Return the type of what is answered, inside Response or not."""
    of = field.annotation
    return get_args(of)[0] if get_origin(of) is Response else of
