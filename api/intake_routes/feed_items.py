"""What a program reads of one entry of the log: CloudEvents attributes, and thin data."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from api.ledger.reading_store import Logged
from api.ledger.records import Entity
from api.views.records import View
from sync.instants import write_instant
from sync.keys import encode_base64url

_ENDINGS: Final = {"departure": "departed", "withdrawal": "withdrawn"}
_VERDICTS: Final = {"accept": "accepted", "return": "returned", "refer": "referred"}
_POSITION_DIGITS: Final = 16


class FeedData(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Which document of which entity; the entity as it stands now only with `view=full`."""

    document_id: UUID
    document_kind: str
    document_hash: str
    place: str
    premises_id: UUID | None = None
    view: View | None = None


class FeedItem(Struct, frozen=True, kw_only=True):
    """An entry as a CloudEvent: it never changes, and `id` is its position in its log."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: UUID
    time: str
    sequence: str
    datacontenttype: str = "application/json"
    dataschema: str
    data: FeedData


class FeedAnswer(Struct, frozen=True):
    """A page of the log in the reader's scope; go on from `cursor`, at once while there is more."""

    items: list[FeedItem]
    cursor: str
    more: bool
    head: str


def make_item(entry: Logged, entity: Entity, base_url: str, view: View | None) -> FeedItem:
    """Return an entry as a CloudEvent."""
    return FeedItem(
        id=f"{entity.log}:{entry.pos}",
        source=f"{base_url}/v1/logs/{entity.log}",
        type=name_event(entry, entity),
        subject=entry.entity,
        time=write_instant(entry.received_ms),
        sequence=f"{entry.pos:0{_POSITION_DIGITS}}",
        dataschema=f"{base_url}/schema/openapi.json#/components/schemas/FeedData",
        data=FeedData(
            document_id=entry.id,
            document_kind=entry.kind,
            document_hash=encode_base64url(entry.hash),
            place=entry.place,
            premises_id=entity.premises_id,
            view=view,
        ),
    )


def name_event(entry: Logged, entity: Entity) -> str:
    """Return `kh.sangkat.<kind of entity>.<what happened>.v1`."""
    return f"kh.sangkat.{entity.kind}.{_name_happening(entry, entity)}.v1"


def _name_happening(entry: Logged, entity: Entity) -> str:
    if entry.kind == "review":
        verdicts = {verdict.id: verdict.verdict for verdict in entity.detail.verdicts}
        return _VERDICTS[verdicts[entry.id]]
    if entry.kind in _ENDINGS:
        return _ENDINGS[entry.kind]
    return "registered" if entry.id == entry.entity else "corrected"
