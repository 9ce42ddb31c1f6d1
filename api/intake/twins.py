"""Which of several entries of one stay counts: of those that stand, the owner's own comes first.

Apart from folding, because every document on a stay may change it for the others, and because it
follows from how the stays stand now alone: values that arrive late leave the same as early ones.
"""

from uuid import UUID

from api.intake.workspace import Workspace
from api.ledger import effects
from api.ledger.records import Entity
from api.stays import rules as stays_rules
from api.stays.records import StayRow


def pair(work: Workspace, stay_id: UUID, earlier: StayRow | None) -> None:
    """Pair a stay with its twins anew, and those whose twin it was before."""
    row = work.stays.get(stay_id)
    together = _pair_group(work, row)
    if earlier is not None and earlier != row:
        _pair_group(work, earlier)
    if stay_id not in together:
        _keep(work, stay_id, None)


def _pair_group(work: Workspace, row: StayRow | None) -> list[UUID]:
    """Let one entry of a stay count, and no other; return those that count as one."""
    if row is None:
        return []
    rows = stays_rules.list_twins(row, work.list_stays_showing(row.document_key))
    entities = [found for one in rows if (found := work.entities.get(one.stay_id)) is not None]
    standing = sorted(
        (entity for entity in entities if not effects.has_ended(entity)),
        key=lambda entity: _rank(work, entity),
    )
    for entity in standing:
        first = standing[0].entity
        _keep(work, entity.entity, None if entity.entity == first else first)
    return [entity.entity for entity in standing]


def _rank(work: Workspace, entity: Entity) -> tuple[bool, int, int]:
    """Return what goes before: what an owner signed, then the stronger grade, then the earlier."""
    author = work.rights.accounts.get(entity.author)
    grade = entity.detail.grade
    is_own = grade == "author" and author is not None and author.role == "owner"
    return not is_own, effects.WEAKNESS.index(grade), entity.created_pos


def _keep(work: Workspace, stay_id: UUID, original: UUID | None) -> None:
    entity = work.entities.get(stay_id)
    paired = None if entity is None else effects.pair(entity, original)
    if paired is not None and paired != entity:
        work.entities.put(stay_id, paired)
