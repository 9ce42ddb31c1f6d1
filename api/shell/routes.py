"""Serving the app: its files, its addresses, and what it keeps for days without signal."""

from typing import Any, Final

from litestar import Controller, HttpMethod, Request, Response, get, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from api.answers import etag_of
from api.orders import rules as orders_rules
from api.orders import store as orders_store
from api.pledges import rules as pledges_rules
from api.pledges import store as pledges_store
from api.problems import NotFound
from api.register import Register
from api.shell.files import PAGE, Site
from api.shell.records import ShellData
from api.shell.rules import describe_places
from sync.instants import write_instant

_READING: Final = [HttpMethod.GET, HttpMethod.HEAD]
_HOTLINE: Final = "117"
_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " font-src 'self'; media-src 'self' blob:; connect-src 'self'; manifest-src 'self';"
    " worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
_OF_THE_APP: Final = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    # For /verify, to which a receipt's QR leads; the app's worker answers nowhere else.
    "Service-Worker-Allowed": "/",
    "Vary": "Accept-Encoding",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


class ShellController(Controller):
    """The app."""

    path = "/"

    @get("/app/register.json", opt={"operation": "shell.read"})
    async def register_json(self, register: NamedDependency[Register]) -> Response[ShellData]:
        """Return places, orders, pledge texts and receipt keys."""
        shell = await read_shell(register)
        etag = etag_of(replace(shell, server_time=""))
        return Response(shell, headers={"ETag": etag, "Cache-Control": "no-cache"})

    @route("/", http_method=_READING, opt={"operation": "app.files"}, include_in_schema=False)
    async def home(self) -> Redirect:
        """Lead to the app."""
        return Redirect("/app/")

    @route(
        "/verify", http_method=_READING, opt={"operation": "verify.page"}, include_in_schema=False
    )
    async def verify(self) -> Redirect:
        """Lead a receipt's QR into the app; the browser keeps the fragment."""
        return Redirect("/app/verify")

    @route(
        ["/app", "/app/{path:path}"],
        http_method=_READING,
        opt={"operation": "app.files", "is_compressed": True},
        include_in_schema=False,
    )
    async def file(
        self,
        request: Request[Any, Any, Any],
        site: NamedDependency[Site],
        path: FromPath[str] = PAGE,
    ) -> Response[bytes]:
        """Return a file of the app; addresses inside it are answered with its page."""
        found = site.find(path.strip("/"))
        if found is None:
            raise NotFound
        coding, body = found.choose(request.headers.get("accept-encoding", ""))
        headers = {
            **_OF_THE_APP,
            "ETag": found.etag,
            "Cache-Control": _FOR_EVER if found.is_named_by_content else "no-cache",
        }
        if coding != "identity":
            headers["Content-Encoding"] = coding
        return Response(body, media_type=found.media_type, headers=headers)


async def read_shell(register: Register) -> ShellData:
    """Return what the app keeps."""
    now_ms = register.clock()
    async with register.engine.reading() as tx:
        orders = await orders_store.list_orders(tx, register.log)
        texts = await pledges_store.list_texts(tx, register.log)
    today = orders_rules.day_of(now_ms)
    return ShellData(
        register=register.register_id,
        name=register.name,
        log=register.log,
        demo=register.settings.is_demo,
        server_time=write_instant(now_ms),
        places=describe_places(register.places),
        orders=[orders_rules.describe(order, today) for order in orders],
        pledge_texts=[pledges_rules.describe_text(known.text) for known in texts],
        receipt_keys=list(register.keys.published),
        hotline=_HOTLINE,
        base_url=register.settings.base_url,
    )
