"""What the app keeps for days without signal."""

from collections.abc import Mapping

from msgspec import Struct

from api.ledger.keys import ReceiptKey
from api.orders.records import OrderView
from api.places.records import Level
from api.pledges.records import PledgeTextView


class ShellPlace(Struct, frozen=True):
    """A place as forms offer it; official codes stay on the register."""

    place_id: str
    level: Level
    parent: str | None
    type_km: str
    type_latin: str
    name_km: str
    name_latin: str


class ShellData(Struct, frozen=True, kw_only=True):
    """Everything that a first run needs offline after one load."""

    register: str
    name: Mapping[str, str | None]
    log: str
    demo: bool
    server_time: str
    places: list[ShellPlace]
    orders: list[OrderView]
    pledge_texts: list[PledgeTextView]
    receipt_keys: list[ReceiptKey]
    hotline: str
    base_url: str
