"""Loads, in a few queries a page, what opening entities for a reader needs."""

from collections.abc import Sequence
from uuid import UUID

from api.access import Role
from api.accounts.store import list_accounts
from api.database.engine import Transaction
from api.ledger.reading_store import load_disclosures
from api.ledger.records import Entity
from api.ledger.store import load_bodies
from api.views import rules
from api.views.records import Opened, View


async def open_views(
    tx: Transaction, log: str, role: Role, entities: Sequence[Entity]
) -> list[View]:
    """Return one view an entity, in their order."""
    opened = await _open(tx, log, entities)
    return [rules.view(role, entity, opened) for entity in entities]


async def _open(tx: Transaction, log: str, entities: Sequence[Entity]) -> Opened:
    carriers: set[UUID] = set()
    for entity in entities:
        carriers.update(entity.detail.disclosed.values())
        carriers.update(entity.detail.branches)
        carriers.update(verdict.id for verdict in entity.detail.verdicts[-3:])
    authors = {entity.author for entity in entities}
    accounts = await list_accounts(tx, log, sorted(authors))
    torn = [entity.entity for entity in entities if entity.detail.branches]
    return Opened(
        disclosures=await load_disclosures(tx, log, sorted(carriers)),
        author_states={account.account_id: account.state for account in accounts},
        bodies=await load_bodies(tx, log, torn),
    )
