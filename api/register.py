"""The running register: what every handler shares, put together once by `app`."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from api.database.engine import Engine
from api.ledger.arrivals import Arrivals
from api.ledger.clock import RegisterClock
from api.ledger.committer import Committer
from api.ledger.composing import Composer
from api.ledger.folder import Folder
from api.ledger.heads import HeadSigner
from api.ledger.keys import RegisterKeys
from api.ledger.meter import Meter
from api.ledger.shapes import Shapes
from api.places.records import Places
from api.settings import Settings
from api.tallies import Tallies
from api.watch import Watch


class Register(Struct, frozen=True, kw_only=True, eq=False):
    """One log with its engine, its one committer, its keys and its clock."""

    settings: Settings
    engine: Engine
    committer: Committer[Any]
    folder: Folder[Any]
    shapes: Shapes
    keys: RegisterKeys
    arrivals: Arrivals
    tallies: Tallies
    composer: Composer
    heads: HeadSigner
    meter: Meter
    clock: RegisterClock
    name: Mapping[str, str | None]
    places: Places
    watch: Watch

    @property
    def log(self) -> str:
        """The province's place_id."""
        return self.settings.log

    @property
    def register_id(self) -> str:
        """The name of this register in receipts and heads: its gateway key's thumbprint."""
        return self.keys.gateway_kid
