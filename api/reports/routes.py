"""Forms for people without a phone, filled with what is known; receipts to hand over."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from api.audit.records import Purpose
from api.ledger.store import load_entities
from api.orders.records import Order
from api.orders.store import list_orders
from api.pledges.store import list_texts
from api.printing.dates import tell_instant
from api.printing.records import Language
from api.printing.typesetting import draw_qr, load_words, typeset
from api.problems import NotFound
from api.register import Register
from api.reports import rules
from api.views.looking import check_purpose, note_look
from api.views.page_store import list_ids
from api.views.reading import Reading
from api.views.records import Slice, View, Wanted
from api.views.scopes import find_own_receipt
from api.views.store import open_views
from sync.keys import PublicJwk
from sync.receipts import read_receipt

PEOPLE_MAX: Final = 500
_NEWEST: Final = 2**53
_SHORT: Final = "psh-2022-short"
TextId = Annotated[str, QueryParameter(max_length=64)]
Printing = Annotated[
    Purpose | None,
    QueryParameter(description="What for; of officials it is required, else `purpose.required`"),
]
_OFFICIALS: Final = ("officer", "province")


class ReportsController(Controller):
    """Paper."""

    path = "/v1"

    @get(
        "/premises/{premises_id:uuid}/form.pdf",
        opt={"operation": "print.write", "needs": {"purpose": _OFFICIALS}},
    )
    async def form(
        self,
        reading: NamedDependency[Reading],
        premises_id: FromPath[UUID],
        language: FromQuery[Language] = "km",
        text: TextId = _SHORT,
        purpose: Printing = None,
    ) -> Response[bytes]:
        """Return declaration and pledge of premises as PDF, with room for more people.

        Officials say for what: a print of persons leaves the register.
        """
        register, principal = reading.register, reading.principal
        async with register.engine.reading() as tx:
            entity = await reading.find(tx, "premises", premises_id)
            said = check_purpose(principal, purpose)
            wanted = Wanted(kind="stay", premises_id=premises_id)
            part = Slice(_NEWEST, PEOPLE_MAX)
            ids = await list_ids(tx, register.log, reading.scope, wanted, part)
            found = await load_entities(tx, register.log, ids)
            views = await open_views(
                tx, register.log, reading.reader, [entity, *(found[one] for one in ids)]
            )
            texts = [one.text for one in await list_texts(tx, register.log)]
            orders = await list_orders(tx, register.log)
        wording = next((one for one in texts if one.text_id == text), None)
        if wording is None:
            raise NotFound
        pledge = rules.describe_pledge(wording, language)
        await note_look(register, principal, "form.print", premises_id, said)
        ancestry = register.places.ancestry(entity.place)
        order = rules.find_order(orders, ancestry, text, register.clock())
        filled = {**_fill(register, views, order, language), "pledge": pledge}
        return _pdf(await typeset("form", language, filled))

    @get("/receipts/{document_id:uuid}/receipt.pdf", opt={"operation": "receipts.read"})
    async def receipt(
        self,
        reading: NamedDependency[Reading],
        document_id: FromPath[UUID],
        language: FromQuery[Language] = "km",
    ) -> Response[bytes]:
        """Return a receipt as PDF: no personal data, a QR code that anyone can check."""
        register = reading.register
        async with register.engine.reading() as tx:
            receipt = await find_own_receipt(
                tx, register.log, reading.scope, reading.principal.account_id, document_id
            )
        return _pdf(await typeset("receipt", language, _describe(register, receipt, language)))


def _fill(
    register: Register, views: list[View], order: Order | None, language: Language
) -> dict[str, Any]:
    words = load_words(language)
    place = register.places.by_id[views[0].place]
    commune = place.name_km if language == "km" else place.name_latin
    of = rules.describe_belonging(views[0], order, words, language)
    address = f"{register.settings.base_url}/app/premises/{views[0].id}"
    return {
        "demo": register.settings.is_demo,
        "qr": draw_qr(address),
        "premises": rules.describe_premises(views[0], commune, words, language),
        "people": rules.describe_people(views[1:], words, language),
        "empty_rows": rules.EMPTY_ROWS,
        "of": of,
        "running": [f"{words[name]}: {told}" for name, told in of.items() if told],
    }


def _describe(register: Register, receipt: str, language: Language) -> dict[str, Any]:
    words = load_words(language)
    keys = {key.kid: PublicJwk(key.kty, key.crv, key.x, key.y) for key in register.keys.published}
    claims = read_receipt(receipt, keys)
    return {
        "demo": register.settings.is_demo,
        "running": [],
        "qr": draw_qr(f"{register.settings.base_url}/verify#{receipt}"),
        "receipt": {
            "what": words.get(f"kind.{claims.kind}", claims.kind),
            "code": str(claims.id),
            "entry": str(claims.pos),
            "received": tell_instant(claims.received_at, words, language),
            "signed": claims.received_at,
            "grade": words.get(f"grade.{claims.grade}", claims.grade),
        },
    }


def _pdf(content: bytes) -> Response[bytes]:
    return Response(content, media_type="application/pdf", headers={"Cache-Control": "no-store"})
