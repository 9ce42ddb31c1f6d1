"""One of every role, and entries that are their own, another's in their commune, or elsewhere."""

import json
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from api.pledges.store import load_shipped
from sync.document import uuid7
from tests import makers
from tests.makers import DISTRICT, LOG, SANGKAT_1, SANGKAT_4, Fields
from tests.world import Device, World

MATRIX: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "matrix.json").read_text())
ROLES: Final = (
    "owner", "officer", "district", "province", "analyst", "desk", "auditor", "client", "node",
)  # fmt: skip
KAMPENH: Final = "psh-c-kampenh"
PLACES: Final = {"commune": SANGKAT_4, "district": SANGKAT_1, "elsewhere": KAMPENH}
_ANSWERS_FOR: Final = {"district": DISTRICT, "province": LOG, "auditor": LOG}
AUTHORS: Final = ("owner", "client", "officer")


async def new_person(world: World, role: Any) -> Device:
    """Somebody of a role, who answers for Sangkat 4 where the role answers for a commune."""
    if role == "owner":
        owner = await world.new_owner()
        await world.verify(owner)
        return owner
    if role == "client":
        return await world.new_client(SANGKAT_4)
    return await world.new_officer(_ANSWERS_FOR.get(role, SANGKAT_4), role=role)


async def new_entries(author: Device, place: str) -> dict[str, UUID]:
    """Premises with a stay, a declaration and, from those who may sign, a pledge."""
    premises_id = await author.send_premises(place=place)
    stay_id = await author.send_stay(premises_id, place=place)
    order_id = await find_order(author)
    declaration = makers.make_declaration(premises_id, order_id, (stay_id,))
    return {
        "premises": premises_id,
        "stay": stay_id,
        "declaration": await author.send("declaration", declaration, place=place),
    }


async def find_order(device: Device) -> str:
    """Return the id of an order that the register ships."""
    return (await device.read("/v1/orders"))[0]["id"]


async def sign_pledge(author: Device, premises_id: UUID, place: str) -> UUID:
    body = makers.make_pledge(premises_id, await find_order(author))
    disclosed = {"identity": makers.make_signer()}
    return await author.send("pledge", body, place=place, disclosed=disclosed)


def make_text() -> Fields:
    """A text of an order in three languages."""
    return {"km": "TEST DATA", "en": "TEST DATA", "zh": "TEST DATA"}


def make_order() -> Fields:
    text = make_text()
    day = "2026-02-01"
    return {"title": text, "legal_basis": text, "issued_on": day, "places": [LOG]}


def make_pledge_text() -> Fields:
    """A text that the register ships, under a name of its own."""
    return {**msgspec.to_builtins(load_shipped()[0].text), "text_id": f"test-{uuid7()}"}


def make_adoption() -> Fields:
    """A verdict on a document that may or may not be in quarantine."""
    return {
        "document_id": str(uuid7()),
        "document_hash": "A" * 43,
        "verdict": "adopt",
        "reason": "author_confirms",
    }


def make_grant(holder: Device, premises_id: UUID) -> Fields:
    """Rights over single premises."""
    return {
        "account_id": str(holder.account_id),
        "role": "owner",
        "premises_id": str(premises_id),
    }
