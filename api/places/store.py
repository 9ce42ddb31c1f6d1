"""Reads the gazetteer that is shipped with the program, and keeps the posts of communes."""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from api.database.engine import Transaction
from api.places.records import Places, PostRow
from api.places.rules import read_gazetteer

_GAZETTEER: Final = Path(__file__).parent / "gazetteer-18.tsv"


@cache
def load_places() -> Places:
    """Return the places of the province."""
    with _GAZETTEER.open(encoding="utf-8", newline="") as file:
        return read_gazetteer(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


async def list_posts(tx: Transaction, log: str) -> dict[str, PostRow]:
    """Return what is known of posts, by commune."""
    rows = await tx.all(
        "SELECT place, name, push_url, fetched_ms FROM posts WHERE log = :log", log=log
    )
    return {place: PostRow(*rest) for place, *rest in rows}


async def list_fetched(tx: Transaction, log: str, places: Sequence[str]) -> dict[str, int]:
    """Return when the posts of these communes last fetched, where they ever did."""
    if not places:
        return {}
    rows = await tx.all(
        "SELECT place, fetched_ms FROM posts"
        " WHERE log = :log AND place IN (:places) AND fetched_ms IS NOT NULL",
        log=log,
        places=places,
    )
    return dict(rows)


async def note_fetched(tx: Transaction, log: str, places: Sequence[str], now_ms: int) -> None:
    """Keep that the posts of these communes fetched now."""
    await tx.run_many(
        "INSERT INTO posts (log, place, fetched_ms) VALUES (:log, :place, :now)"
        " ON CONFLICT (log, place) DO UPDATE SET fetched_ms = excluded.fetched_ms",
        [{"log": log, "place": place, "now": now_ms} for place in places],
    )
