"""What a restore makes of an older copy: nothing opens it, and who lost a right stays without it.

Phones offer again what they made. What the register itself signed, and what gives and ends rights,
nobody else would bring back: it is taken from the data that are put aside, as far as they prove it.
"""

import logging
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from msgspec import Struct

from api.accounts.store import list_devices
from api.authority import AccountAuthority
from api.blobs.files import list_kept, read_kept
from api.blobs.store import adopt
from api.commands.looked import UNREADABLE, Looked, find_looked, keep_looked
from api.copies import open_aside, open_copy
from api.database.engine import Engine, Transaction
from api.inspection import entries
from api.inspection.records import Logged
from api.inspection.store import list_logged
from api.intake import Intake
from api.invitations.store import keep_open, list_open
from api.ledger.committer import now_ms
from api.ledger.group import Group, Outcome, Sent
from api.ledger.keys import RegisterKeys, load_keys
from api.ledger.records import Pusher
from api.ledger.store import find_known
from api.places.store import load_places
from api.sessions.store import keep_tokens, list_tokens
from api.settings import Settings
from sync.custody import Held, Stored
from sync.document import Document
from sync.keys import PublicJwk, thumbprint

_RIGHTS: Final = ("account", "grant", "verification", "revocation", "adoption")
logger: Final = logging.getLogger("sangkat")


class Found(Struct):
    """What was put aside and the backup lacks; `is_whole` until something of it proves nothing."""

    missing: list[tuple[int, Document]] = []
    tokens: set[bytes] = set()
    invitations: set[bytes] = set()
    looked: Looked = Looked()
    is_whole: bool = True


class Carried(Struct):
    """How many documents came along, how many wait for others or were refused now; the looks."""

    stored: int = 0
    waiting: int = 0
    refused: int = 0
    is_whole: bool = True
    looks: int = 0
    has_every_look: bool = False


async def renew(settings: Settings, aside: Settings | None, blobs_dir: Path) -> Carried:
    """Void what no longer opens the database aside; add to the copy what that has besides.

    Photos that are in the folder stay there: those of which the copy does not know are written down
    anew, as if they had come just now.
    """
    now = now_ms()
    photos = [read_kept(settings.log, path, now) for path in list_kept(blobs_dir)]
    async with open_copy(settings) as engine:
        found = Found(is_whole=False) if aside is None else await _find(engine, settings, aside)
        async with engine.writing() as tx:
            await keep_tokens(tx, settings.log, found.tokens)
            await keep_open(tx, settings.log, found.invitations)
            await keep_looked(tx, settings.log, found.looked)
            await adopt(tx, photos)
        return await _append(engine, settings, found)


async def _find(engine: Engine, settings: Settings, aside: Settings) -> Found:
    """Read the log aside as far as it can be read, and keep what the copy lacks."""
    found, proof = Found(), Proof(settings)
    try:
        async with engine.reading() as copy, open_aside(aside) as tx:
            found.looked = await find_looked(copy, tx, settings.log)
            async for page in list_logged(tx, settings.log):
                missing = await _leave_known(copy, settings.log, page, proof)
                proof.sort(missing, found)
            found.tokens = await list_tokens(tx, settings.log)
            found.invitations = await list_open(tx, settings.log)
    except UNREADABLE:
        found.is_whole = False
    return found


async def _leave_known(
    copy: Transaction, log: str, page: Sequence[Logged], proof: "Proof"
) -> list[Logged]:
    """Return what the copy lacks, and let the proof know the keys that it has."""
    known = await find_known(copy, log, [logged.id for logged in page])
    missing = [logged for logged in page if logged.id not in known]
    devices = await list_devices(copy, log, sorted({logged.by for logged in missing}))
    proof.keys |= {device.kid: device.jwk for device in devices}
    return missing


class Proof:
    """Believes an entry when its author and this register signed what stands there."""

    def __init__(self, settings: Settings) -> None:
        """Trust the register's keys of the backup."""
        keys = load_keys(settings.keys_dir, 0)
        self._log = settings.log
        self._gateway_kid = keys.gateway_kid
        self._receipt_keys = {key.kid: key.jwk for key in keys.published}
        self.keys: dict[str, PublicJwk] = {}

    def sort(self, missing: Sequence[Logged], found: Found) -> None:
        """Keep what nobody else would bring back, with the instant that its receipt says."""
        for logged in missing:
            document = self._find_document(logged)
            if document is None:
                found.is_whole = False
            elif document.kid == self._gateway_kid or document.payload.kind in _RIGHTS:
                found.missing.append((logged.received_ms, document))

    def _find_document(self, logged: Logged) -> Document | None:
        document, wrong = entries.read(logged)
        if document is None or wrong:
            return None
        jwk = entries.find_jwk(document)
        if jwk is not None:
            self.keys.setdefault(thumbprint(jwk), jwk)
        wrong += entries.check_signature(document, self.keys)
        wrong += entries.check_receipt(logged, self._log, self._receipt_keys, None)
        return None if wrong else document


async def _append(engine: Engine, settings: Settings, found: Found) -> Carried:
    """Append what was received together in one transaction; what fails holds up nothing else."""
    keys = load_keys(settings.keys_dir, 0)
    carried = Carried(
        is_whole=found.is_whole,
        looks=len(found.looked.looks),
        has_every_look=found.looked.is_whole,
    )
    for received_ms, together in groupby(found.missing, key=lambda one: one[0]):
        documents = [document for _, document in together]
        try:
            async with engine.writing() as tx:
                outcomes = await _decide(tx, settings, keys, documents, received_ms)
        except Exception:
            logger.exception("%d documents that were put aside failed", len(documents))
            outcomes = []
        stored = sum(isinstance(one.decision, Stored) for one in outcomes)
        waiting = sum(isinstance(one.decision, Held) for one in outcomes)
        carried.stored += stored
        carried.waiting += waiting
        carried.refused += len(documents) - stored - waiting
    return carried


async def _decide(
    tx: Transaction,
    settings: Settings,
    keys: RegisterKeys,
    documents: Sequence[Document],
    received_ms: int,
) -> list[Outcome]:
    """Decide documents as of the instant at which they came first."""
    intake = Intake(settings.log, load_places(), is_demonstration=True)
    authority = AccountAuthority(keys.gateway_kid)
    group = Group(tx, settings.log, intake, authority, keys=keys, now_ms=received_ms)
    return await group.run([Sent(intake.prepare(one), Pusher(None)) for one in documents])
