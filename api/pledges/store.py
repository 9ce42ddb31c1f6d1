"""Reads the pledge texts shipped with the program, and keeps pledges."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from api.database.engine import Transaction
from api.pledges.records import KnownPledgeText, PledgeRow, PledgeText, PledgeWording
from api.pledges.rules import read_wording

_TEXTS: Final = Path(__file__).parent / "texts"
_read_text: Final = msgspec.json.Decoder(PledgeText).decode


@cache
def load_shipped() -> tuple[KnownPledgeText, ...]:
    """Return the texts that every register starts with, each under an id made of its version."""
    found: dict[tuple[str, str], dict[str, PledgeWording]] = {}
    for file in sorted(_TEXTS.glob("psh-*.md")):
        matter, wording = read_wording(file.read_text(encoding="utf-8"))
        versions = found.setdefault((matter["text_id"], matter["version"]), {})
        versions[matter["language"]] = wording
    return tuple(
        KnownPledgeText(
            uuid5(NAMESPACE_URL, f"urn:sangkat:pledge-text:{text_id}:{version}"),
            PledgeText(text_id=text_id, version=version, languages=languages),
        )
        for (text_id, version), languages in found.items()
    )


async def list_texts(tx: Transaction, log: str) -> list[KnownPledgeText]:
    """Return every text of the log as it stands, the newest last."""
    rows = await tx.all(
        "SELECT entity, body FROM entities WHERE log = :log AND kind = 'pledge_text'"
        " ORDER BY created_pos",
        log=log,
    )
    return [KnownPledgeText(UUID(bytes=row[0]), _read_text(row[1])) for row in rows]


async def load_at(tx: Transaction, log: str, premises_ids: Sequence[UUID]) -> dict[UUID, PledgeRow]:
    """Return every pledge signed for these premises."""
    if not premises_ids:
        return {}
    rows = await tx.all(
        "SELECT log, pledge_id, premises_id, order_id, author, place, pos FROM pledges"
        " WHERE log = :log AND premises_id IN (:ids)",
        log=log,
        ids=[premises_id.bytes for premises_id in premises_ids],
    )
    pledges = [
        PledgeRow(
            log=row[0],
            pledge_id=UUID(bytes=row[1]),
            premises_id=UUID(bytes=row[2]),
            order_id=UUID(bytes=row[3]),
            author=UUID(bytes=row[4]),
            place=row[5],
            pos=row[6],
        )
        for row in rows
    ]
    return {pledge.pledge_id: pledge for pledge in pledges}


async def save(tx: Transaction, rows: Sequence[PledgeRow]) -> None:
    """Write pledges as they fold now."""
    await tx.run_many(
        "INSERT INTO pledges (log, pledge_id, premises_id, order_id, author, place, pos)"
        " VALUES (:log, :pledge_id, :premises_id, :order_id, :author, :place, :pos)"
        " ON CONFLICT (log, pledge_id) DO UPDATE SET place = excluded.place",
        [
            {
                **msgspec.structs.asdict(row),
                "pledge_id": row.pledge_id.bytes,
                "premises_id": row.premises_id.bytes,
                "order_id": row.order_id.bytes,
                "author": row.author.bytes,
            }
            for row in rows
        ],
    )
