"""The durable store of a device: its key, its documents with their states, its cursor and views.

One SQLite file, held by one process: a document and its state, or a cursor and what came with it,
are one transaction, and only what is on the disk is believed. The key and the documents lie in it
as they are, so the file is made for its owner's eyes only.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import aiosqlite
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from sync.document import Document, Refused, compose, read_document
from sync.keys import PublicJwk, encode_base64url, new_private_key, public_jwk, thumbprint
from sync.messages import Anchor, Change, Item
from sync.replica import advance
from sync.states import Composed, Event, Gone, Link, Pulled, Replica, Row, Started

_SCHEMA: Final = (
    """CREATE TABLE device (
        one INTEGER PRIMARY KEY CHECK (one = 1), key BLOB NOT NULL, log TEXT NOT NULL,
        seq INTEGER NOT NULL, cursor TEXT, link BLOB NOT NULL, anchor BLOB NOT NULL,
        receipt_keys BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE documents (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, state BLOB NOT NULL,
        item BLOB
    ) STRICT""",
    "CREATE TABLE views (entity BLOB PRIMARY KEY, view BLOB NOT NULL) STRICT",
)
_LOCK_SECONDS: Final = 0.5
_encode: Final = msgspec.json.encode


class _Entity(msgspec.Struct):
    id: UUID


class _Device(msgspec.Struct, frozen=True):
    """The one row of the table `device`."""

    key: ec.EllipticCurvePrivateKey
    log: str
    seq: int
    anchor: Anchor | None
    receipt_keys: Mapping[str, PublicJwk]


class Outbox:
    """Use `open_outbox`; one task at a time changes it."""

    def __init__(self, file: aiosqlite.Connection, device: _Device, replica: Replica) -> None:
        """Take what `open_outbox` read."""
        self._file = file
        self._device = device
        self._replica = replica
        self._changing = asyncio.Lock()

    @property
    def replica(self) -> Replica:
        """The device as it is on the disk."""
        return self._replica

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The device's own key."""
        return self._device.key

    @property
    def log(self) -> str:
        """The log that this device writes to."""
        return self._device.log

    @property
    def receipt_keys(self) -> Mapping[str, PublicJwk]:
        """The register's public keys by kid, as first seen; later ones are added."""
        return self._device.receipt_keys

    async def compose(
        self,
        payload: Mapping[str, Any],
        disclosed: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        now_ms: int | None = None,
    ) -> Row:
        """Sign and keep a document [C1, C2]; it is saved when this returns.

        `payload` needs `kind`, `place` and `body`; log, seq and anchor are the outbox's to say.
        Raises Refused("id-reuse") when it brings an id that was used.
        """
        async with self._changing:
            device = msgspec.structs.replace(self._device, seq=self._device.seq + 1)
            own = {"log": device.log, "seq": device.seq, "anchor": device.anchor}
            item = compose(device.key, {**payload, **own}, disclosed, now_ms=now_ms)
            return await self._take(item, device)

    async def carry(self, item: Item) -> Row:
        """Keep a document that another device signed, to send it on; refuses as `compose` does."""
        async with self._changing:
            return await self._take(item, self._device)

    async def apply(self, event: Event, anchor: Anchor | None = None) -> Replica:
        """Keep what follows from an event; `anchor` is the latest receipt that came with it."""
        async with self._changing:
            device = msgspec.structs.replace(self._device, anchor=anchor or self._device.anchor)
            async with self._transaction():
                after = await self._keep(event, device)
                if isinstance(event, Gone) and after is not self._replica:
                    await self._file.execute("DELETE FROM views")
            self._device, self._replica = device, after
            return after

    async def keep_pulled(
        self, event: Pulled, changes: Sequence[Change], snapshot: Sequence[msgspec.Raw] = ()
    ) -> Replica:
        """Keep a pull's changes and its cursor in one transaction [P4], or neither [P3]."""
        async with self._changing:
            if event.sent_cursor != self._replica.cursor:
                return self._replica
            views = [(_id_of(view).bytes, bytes(view)) for view in snapshot]
            views += [
                (c.entity.bytes, bytes(c.view)) for c in changes if c.view is not msgspec.UNSET
            ]
            async with self._transaction():
                await self._file.executemany(
                    "INSERT OR REPLACE INTO views (entity, view) VALUES (?, ?)", views
                )
                after = await self._keep(event, self._device)
            self._replica = after
            return after

    async def keep_receipt_keys(self, keys: Mapping[str, PublicJwk]) -> None:
        """Remember the register's public keys, so that receipts hold without the register."""
        async with self._changing:
            known = {**self._device.receipt_keys, **keys}
            if known == self._device.receipt_keys:
                return
            device = msgspec.structs.replace(self._device, receipt_keys=known)
            async with self._transaction():
                await self._write_device(device, self._replica)
            self._device = device

    async def list_items(self, rows: Sequence[Row]) -> list[bytes]:
        """Return the items of these documents as JSON, in this order."""
        items: list[bytes] = []
        for row in rows:
            found = await self._file.execute_fetchall(
                "SELECT item FROM documents WHERE id = ?", (row.id.bytes,)
            )
            items += [item for (item,) in found if item is not None]
        return items

    async def list_views(self) -> list[msgspec.Raw]:
        """Return every entity of the last pulls, as the register shows it to this device."""
        rows = await self._file.execute_fetchall("SELECT view FROM views ORDER BY entity")
        return [msgspec.Raw(view) for (view,) in rows]

    async def _take(self, item: Item, device: _Device) -> Row:
        document = read_document(item)
        data = _encode(item)
        row = _row_of(document, len(data))
        known = self._replica.rows.get(row.id)
        if known is not None and known.hash != row.hash:
            raise Refused("id-reuse")
        if known is not None:
            return known
        async with self._transaction():
            await self._file.execute(
                "INSERT INTO documents (id, state, item) VALUES (?, ?, ?)",
                (row.id.bytes, _encode(row), data),
            )
            after = await self._keep(Composed(row), device)
        self._device, self._replica = device, after
        return after.rows[row.id]

    async def _keep(self, event: Event, device: _Device) -> Replica:
        before, after = self._replica, advance(self._replica, event)
        changed = [row for row in after.rows.values() if before.rows.get(row.id) is not row]
        await self._file.executemany(
            "UPDATE documents SET state = ?, item = iif(?, NULL, item) WHERE id = ?",
            [(_encode(row), row.state == "summary", row.id.bytes) for row in changed],
        )
        await self._write_device(device, after)
        return after

    async def _write_device(self, device: _Device, replica: Replica) -> None:
        await self._file.execute(
            "UPDATE device SET seq = ?, cursor = ?, link = ?, anchor = ?, receipt_keys = ?",
            (
                device.seq,
                replica.cursor,
                _encode(replica.link),
                _encode(device.anchor),
                _encode(device.receipt_keys),
            ),
        )

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[None]:
        await self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
            await self._file.execute("COMMIT")
        except BaseException:
            await self._file.rollback()
            raise


async def create_outbox(
    path: Path, log: str, key: ec.EllipticCurvePrivateKey | None = None
) -> None:
    """Make an empty outbox with a new key or this one; raises sqlite3.Error when it is one."""
    await asyncio.to_thread(path.touch, mode=0o600)
    secret = (key or new_private_key()).private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    async with aiosqlite.connect(path, isolation_level=None) as file:
        await file.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA:
            await file.execute(statement)
        await file.execute(
            "INSERT INTO device (one, key, log, seq, link, anchor, receipt_keys)"
            " VALUES (1, ?, ?, 0, ?, ?, ?)",
            (secret, log, _encode(Link()), b"null", b"{}"),
        )
        await file.execute("COMMIT")


@asynccontextmanager
async def open_outbox(path: Path) -> AsyncGenerator[Outbox]:
    """Open an outbox for this process alone; what was being sent when it closed is queued [S2].

    Raises sqlite3.OperationalError when it was never made or another process has it open.
    """
    # Asked first: aiosqlite leaves a thread behind that outlives the loop when it cannot open.
    if not await asyncio.to_thread(path.exists):
        raise sqlite3.OperationalError(f"no outbox at {path}")
    address = f"file:{quote(str(path))}?mode=rw"
    opening = aiosqlite.connect(address, uri=True, isolation_level=None, timeout=_LOCK_SECONDS)
    async with opening as file:
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            await file.execute(f"PRAGMA {pragma}")
        device, replica = await _read_device(file)
        outbox = Outbox(file, device, replica)
        await outbox.apply(Started())
        yield outbox


async def _read_device(file: aiosqlite.Connection) -> tuple[_Device, Replica]:
    [values] = await file.execute_fetchall(
        "SELECT key, log, seq, cursor, link, anchor, receipt_keys FROM device"
    )
    secret, log, seq, cursor, link, anchor, receipt_keys = values
    key = load_der_private_key(secret, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    keys = msgspec.json.decode(receipt_keys, type=dict[str, PublicJwk])
    device = _Device(key, log, seq, msgspec.json.decode(anchor, type=Anchor | None), keys)
    states = await file.execute_fetchall("SELECT state FROM documents ORDER BY place")
    rows = [msgspec.json.decode(state, type=Row) for (state,) in states]
    replica = Replica(
        kid=thumbprint(public_jwk(key)),
        cursor=cursor,
        rows={row.id: row for row in rows},
        link=msgspec.json.decode(link, type=Link),
    )
    return device, replica


def _row_of(document: Document, size: int) -> Row:
    payload = document.payload
    return Row(
        id=payload.id,
        hash=encode_base64url(document.hash),
        by=payload.by,
        kind=payload.kind,
        after=payload.after,
        size=size,
    )


def _id_of(view: msgspec.Raw) -> UUID:
    return msgspec.json.decode(view, type=_Entity).id
