"""The SQL of the list of stays and of the names they are found by."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from api.database.engine import Row, Transaction
from api.ledger.records import Scope
from api.stays.records import StayRow

_LAST_SIGN: Final = "\U0010ffff"
_TOKENS_MAX: Final = 4_000
_BESIDE_MAX: Final = 2_000
_CANDIDATES_MAX: Final = 500


async def load(
    tx: Transaction, log: str, stay_ids: Sequence[UUID], document_keys: Sequence[str]
) -> dict[UUID, StayRow]:
    """Return these stays, and those that count and show one of these documents or theirs."""
    rows: list[Row] = []
    if stay_ids:
        rows += await tx.all(
            "SELECT log, stay_id, premises_id, place, unit, nationality, sex, role, arrived_on,"
            " left_on, visa_expires_on, document_holder, phone, employer, document_series,"
            " document_key FROM stays"
            " WHERE log = :log AND stay_id IN (:ids)",
            log=log,
            ids=[stay_id.bytes for stay_id in stay_ids],
        )
    document_keys = sorted({*document_keys, *(row[-1] for row in rows if row[-1] is not None)})
    if document_keys:
        rows += await tx.all(
            "SELECT s.log, s.stay_id, s.premises_id, s.place, s.unit, s.nationality, s.sex,"
            " s.role, s.arrived_on, s.left_on, s.visa_expires_on, s.document_holder,"
            " s.phone, s.employer, s.document_series, s.document_key FROM stays s"
            " JOIN entities e ON e.log = s.log AND e.entity = s.stay_id"
            " WHERE s.log = :log AND s.document_key IN (:keys)"
            " AND e.effect <> 'withdrawn' AND e.effect <> 'departed'",
            log=log,
            keys=list(document_keys),
        )
    names = await _load_names(tx, log, [UUID(bytes=row[1]) for row in rows])
    stays = (_read(row, names) for row in rows)
    return {stay.stay_id: stay for stay in stays}


async def list_twins(tx: Transaction, log: str, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return, for each of these stays, the other entries of the same stay."""
    if not ids:
        return {}
    rows = await tx.all(
        "SELECT s.stay_id, s.document_key, s.premises_id, s.arrived_on FROM stays s"
        " WHERE s.log = :log AND s.document_key IN (SELECT k.document_key FROM stays k"
        " WHERE k.log = :log AND k.stay_id IN (:ids))",
        log=log,
        ids=[stay_id.bytes for stay_id in ids],
    )
    groups: dict[tuple[object, ...], list[UUID]] = {}
    for stay_id, *same in rows:
        groups.setdefault(tuple(same), []).append(UUID(bytes=stay_id))
    wanted = set(ids)
    return {
        one: [other for other in group if other != one]
        for group in groups.values()
        for one in group
        if one in wanted
    }


async def _load_names(tx: Transaction, log: str, stay_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    names: dict[UUID, list[str]] = {}
    if stay_ids:
        rows = await tx.all(
            "SELECT token, stay_id FROM stay_names WHERE log = :log AND stay_id IN (:ids)",
            log=log,
            ids=[stay_id.bytes for stay_id in stay_ids],
        )
        # Asked to sort by token, SQLite would walk through every name of the register.
        for token, stay_id in sorted(rows):
            names.setdefault(UUID(bytes=stay_id), []).append(token)
    return names


def _read(row: Row, names: dict[UUID, list[str]]) -> StayRow:
    log, stay_id, premises_id, place, unit, nationality, sex, role, *rest = row
    arrived_on, left_on, visa_expires_on, document_holder, *shared, document_key = rest
    phone, employer, document_series = shared
    return StayRow(
        log=log,
        stay_id=UUID(bytes=stay_id),
        premises_id=UUID(bytes=premises_id),
        place=place,
        unit=unit,
        nationality=nationality,
        sex=sex,
        role=role,
        arrived_on=arrived_on,
        left_on=left_on,
        visa_expires_on=visa_expires_on,
        document_holder=document_holder,
        phone=phone,
        employer=employer,
        document_series=document_series,
        document_key=document_key,
        names=tuple(names.get(UUID(bytes=stay_id), ())),
    )


async def save(tx: Transaction, stays: Sequence[StayRow]) -> None:
    """Write stays as they fold now, with the names they are found by."""
    await tx.run_many(
        "INSERT INTO stays (log, stay_id, premises_id, place, unit, nationality, sex, role,"
        " arrived_on, left_on, visa_expires_on, document_holder, phone, employer,"
        " document_series, document_key)"
        " VALUES (:log, :stay_id, :premises_id, :place, :unit, :nationality, :sex, :role,"
        " :arrived_on, :left_on, :visa_expires_on, :document_holder, :phone, :employer,"
        " :document_series, :document_key)"
        " ON CONFLICT (log, stay_id) DO UPDATE SET premises_id = excluded.premises_id,"
        " place = excluded.place, unit = excluded.unit, nationality = excluded.nationality,"
        " sex = excluded.sex, role = excluded.role, arrived_on = excluded.arrived_on,"
        " left_on = excluded.left_on, visa_expires_on = excluded.visa_expires_on,"
        " document_holder = excluded.document_holder, phone = excluded.phone,"
        " employer = excluded.employer, document_series = excluded.document_series,"
        " document_key = excluded.document_key",
        [_row(stay) for stay in stays],
    )
    await tx.run_many(
        "DELETE FROM stay_names WHERE log = :log AND stay_id = :stay_id",
        [{"log": stay.log, "stay_id": stay.stay_id.bytes} for stay in stays],
    )
    await tx.run_many(
        "INSERT INTO stay_names (log, token, stay_id) VALUES (:log, :token, :stay_id)",
        [
            {"log": stay.log, "token": token, "stay_id": stay.stay_id.bytes}
            for stay in stays
            for token in stay.names
        ],
    )


def _row(stay: StayRow) -> dict[str, Any]:
    row = msgspec.structs.asdict(stay)
    del row["names"]
    return {**row, "stay_id": stay.stay_id.bytes, "premises_id": stay.premises_id.bytes}


async def list_tokens(tx: Transaction, log: str, beginnings: Sequence[str]) -> set[str]:
    """Return the words of names that begin so, at most a few thousand each."""
    found: set[str] = set()
    for beginning in beginnings:
        rows = await tx.all(
            "SELECT DISTINCT token FROM stay_names WHERE log = :log"
            " AND token >= :start AND token < :end LIMIT :limit",
            log=log,
            start=beginning,
            end=beginning + _LAST_SIGN,
            limit=_TOKENS_MAX,
        )
        found.update(row[0] for row in rows)
    return found


async def list_tokens_beside(tx: Transaction, log: str, words: Sequence[Sequence[str]]) -> set[str]:
    """Return the words in the names of those who have the first of these words, of two thousand.

    None when there is no such word.
    """
    if not words or not all(words):
        return set()
    rows = await tx.all(
        "SELECT DISTINCT m.token FROM stay_names m WHERE m.log = :log AND m.stay_id IN"
        " (SELECT n.stay_id FROM stay_names n WHERE n.log = :log AND n.token IN (:first)"
        " LIMIT :limit)",
        log=log,
        first=words[0],
        limit=_BESIDE_MAX,
    )
    return {row[0] for row in rows}


async def find_named(
    tx: Transaction, log: str, scope: Scope, words: Sequence[Sequence[str]]
) -> dict[UUID, list[str]]:
    """Return stays in a scope of places with a token for each word, and all their tokens.

    What was withdrawn is not found; only the first three words are asked for. Not joined, and with
    `|| ''`, so that SQLite begins with the rarest word and looks at the few words of each stay.
    """
    if not all(words) or not words:
        return {}
    first, second, third = (*words, *[words[0]] * 2)[:3]
    rows = await tx.all(
        "SELECT e.entity FROM entities e WHERE e.log = :log AND e.entity IN"
        " (SELECT n.stay_id FROM stay_names n WHERE n.log = :log AND n.token IN (:first)"
        " AND (:words < 2 OR EXISTS (SELECT 1 FROM stay_names m WHERE m.log = n.log"
        " AND m.stay_id = n.stay_id AND m.token || '' IN (:second)))"
        " AND (:words < 3 OR EXISTS (SELECT 1 FROM stay_names o WHERE o.log = n.log"
        " AND o.stay_id = n.stay_id AND o.token || '' IN (:third))))"
        " AND (:everywhere = 1 OR e.place || '' IN (:places))"
        " AND e.effect || '' <> 'withdrawn' LIMIT :limit",
        log=log,
        words=len(words),
        first=first,
        second=second,
        third=third,
        everywhere=int(scope.everything),
        places=scope.places or ("",),
        limit=_CANDIDATES_MAX,
    )
    names = await _load_names(tx, log, [UUID(bytes=row[0]) for row in rows])
    return {UUID(bytes=row[0]): names.get(UUID(bytes=row[0]), []) for row in rows}
