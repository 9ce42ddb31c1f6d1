"""The SQL of every table that follows from the log, read whole: whatever stands in it is seen."""

from collections.abc import AsyncGenerator
from typing import Final

from api.database.engine import Row, Transaction
from api.inspection.records import Table

_PAGE: Final = 1_000

# The first page begins at no key: a row whose key is empty, or of another type than this program
# writes, may come before every key that could be named as the least.
# Entries are compared without their receipts: ECDSA is random, so receipts are verified instead.
FOLLOWING: Final = (
    Table(
        "entries",
        'SELECT log, pos, id, hash, "by", kind, entity, place, received_ms, chain FROM entries'
        " WHERE log = :log ORDER BY pos LIMIT 1000",
        'SELECT log, pos, id, hash, "by", kind, entity, place, received_ms, chain FROM entries'
        " WHERE log = :log AND pos > :key_1 ORDER BY pos LIMIT 1000",
        1,
    ),
    Table(
        "payloads",
        "SELECT * FROM payloads WHERE log = :log ORDER BY id LIMIT 1000",
        "SELECT * FROM payloads WHERE log = :log AND id > :key_1 ORDER BY id LIMIT 1000",
        1,
    ),
    Table(
        "disclosures",
        "SELECT * FROM disclosures WHERE log = :log ORDER BY id, name LIMIT 1000",
        "SELECT * FROM disclosures"
        " WHERE log = :log AND (id, name) > (:key_1, :key_2) ORDER BY id, name LIMIT 1000",
        2,
    ),
    Table("heads", "SELECT log, pos, chain, received_ms FROM heads WHERE log = :log"),
    Table(
        "entities",
        "SELECT * FROM entities WHERE log = :log ORDER BY entity LIMIT 1000",
        "SELECT * FROM entities WHERE log = :log AND entity > :key_1 ORDER BY entity LIMIT 1000",
        1,
    ),
    Table(
        "accounts",
        "SELECT * FROM accounts WHERE log = :log ORDER BY account_id LIMIT 1000",
        "SELECT * FROM accounts"
        " WHERE log = :log AND account_id > :key_1 ORDER BY account_id LIMIT 1000",
        1,
    ),
    Table(
        "devices",
        "SELECT * FROM devices WHERE log = :log ORDER BY kid LIMIT 1000",
        "SELECT * FROM devices WHERE log = :log AND kid > :key_1 ORDER BY kid LIMIT 1000",
        1,
    ),
    Table(
        "early_revocations",
        "SELECT * FROM early_revocations WHERE log = :log ORDER BY kid LIMIT 1000",
        "SELECT * FROM early_revocations WHERE log = :log AND kid > :key_1 ORDER BY kid LIMIT 1000",
        1,
    ),
    Table(
        "adoptions",
        "SELECT * FROM adoptions WHERE log = :log ORDER BY adoption_id LIMIT 1000",
        "SELECT * FROM adoptions"
        " WHERE log = :log AND adoption_id > :key_1 ORDER BY adoption_id LIMIT 1000",
        1,
    ),
    Table(
        "premises_grants",
        "SELECT * FROM premises_grants WHERE log = :log ORDER BY grant_id LIMIT 1000",
        "SELECT * FROM premises_grants"
        " WHERE log = :log AND grant_id > :key_1 ORDER BY grant_id LIMIT 1000",
        1,
    ),
    Table(
        "premises",
        "SELECT * FROM premises WHERE log = :log ORDER BY premises_id LIMIT 1000",
        "SELECT * FROM premises"
        " WHERE log = :log AND premises_id > :key_1 ORDER BY premises_id LIMIT 1000",
        1,
    ),
    Table(
        "stays",
        "SELECT * FROM stays WHERE log = :log ORDER BY stay_id LIMIT 1000",
        "SELECT * FROM stays WHERE log = :log AND stay_id > :key_1 ORDER BY stay_id LIMIT 1000",
        1,
    ),
    Table(
        "stay_names",
        "SELECT * FROM stay_names WHERE log = :log ORDER BY token, stay_id LIMIT 1000",
        "SELECT * FROM stay_names"
        " WHERE log = :log AND (token, stay_id) > (:key_1, :key_2)"
        " ORDER BY token, stay_id LIMIT 1000",
        2,
    ),
    Table(
        "declarations",
        "SELECT * FROM declarations WHERE log = :log ORDER BY declaration_id LIMIT 1000",
        "SELECT * FROM declarations"
        " WHERE log = :log AND declaration_id > :key_1 ORDER BY declaration_id LIMIT 1000",
        1,
    ),
    Table(
        "pledges",
        "SELECT * FROM pledges WHERE log = :log ORDER BY pledge_id LIMIT 1000",
        "SELECT * FROM pledges"
        " WHERE log = :log AND pledge_id > :key_1 ORDER BY pledge_id LIMIT 1000",
        1,
    ),
)
"""What the log folds to, down to the order of the keys; every other table is plain (README.md)."""

PLAIN: Final = (
    Table(
        "entries",
        "SELECT * FROM entries WHERE log = :log ORDER BY pos LIMIT 1000",
        "SELECT * FROM entries WHERE log = :log AND pos > :key_1 ORDER BY pos LIMIT 1000",
        1,
    ),
    Table("assertions", "SELECT * FROM assertions"),
    Table(
        "audit",
        "SELECT * FROM audit WHERE log = :log ORDER BY n LIMIT 1000",
        "SELECT * FROM audit WHERE log = :log AND n > :key_1 ORDER BY n LIMIT 1000",
        1,
    ),
    Table("backlog", "SELECT * FROM backlog WHERE log = :log"),
    Table("backlog_waits", "SELECT * FROM backlog_waits WHERE log = :log"),
    Table("blobs", "SELECT * FROM blobs WHERE log = :log"),
    Table("budgets", "SELECT * FROM budgets WHERE log = :log"),
    Table("clocks", "SELECT * FROM clocks WHERE log = :log"),
    Table("erasures", "SELECT * FROM erasures WHERE log = :log"),
    Table("invitations", "SELECT * FROM invitations WHERE log = :log"),
    Table("numbers", "SELECT * FROM numbers WHERE log = :log"),
    Table("posts", "SELECT * FROM posts WHERE log = :log"),
    Table("refusals", "SELECT * FROM refusals WHERE log = :log"),
    Table("reveals", "SELECT * FROM reveals WHERE log = :log"),
    Table("settings", "SELECT * FROM settings WHERE log = :log"),
    Table("tokens", "SELECT * FROM tokens WHERE log = :log"),
)
"""What does not follow from the log, receipts among it: only a register that moves needs it."""


async def list_rows(tx: Transaction, table: Table, log: str) -> AsyncGenerator[Row]:
    """Return every row of a table in the order of its key, a page at a time."""
    rows = await tx.all(table.first, log=log)
    while rows:
        for row in rows:
            yield row
        if len(rows) < _PAGE or not table.following:
            return
        key = rows[-1][1 : 1 + table.key_parts]
        named = {f"key_{n}": part for n, part in enumerate(key, 1)}
        rows = await tx.all(table.following, log=log, **named)
