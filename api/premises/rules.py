"""What makes a declaration of premises complete, and how it folds into the list: pure."""

from collections.abc import Mapping, Sequence

from api.facts.dates import is_full_date
from api.facts.names import name_key
from api.facts.values import comparable
from api.ledger.records import Entity
from api.premises.records import Premises, PremisesContact, PremisesRow
from sync.messages import FieldError


def check(premises: Premises, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return what no Struct can say: a name shows, licences expire on days of the calendar."""
    del disclosed
    names = {name: getattr(premises.names, name) for name in ("km", "latin", "zh")}
    blank = [name for name, text in names.items() if text and not comparable(text)]
    return (
        *(FieldError(f"/body/names/{name}", "field.too-short") for name in blank),
        *(
            FieldError(f"/body/licences/{index}/expires_on", "field.date")
            for index, licence in enumerate(premises.licences)
            if licence.expires_on not in (None, "unknown") and not is_full_date(licence.expires_on)
        ),
    )


def fold(entity: Entity, premises: Premises) -> PremisesRow:
    """Return the row by which current premises are listed and searched."""
    names = (premises.names.km, premises.names.latin, premises.names.zh, *premises.aliases)
    return PremisesRow(
        log=entity.log,
        premises_id=entity.entity,
        place=entity.place,
        kind=premises.kind,
        search=search_text([name for name in names if name]),
        photo=None if premises.photo is None else bytes.fromhex(premises.photo),
    )


def search_text(names: Sequence[str]) -> str:
    """Return what is searched: names as they look, their folded words, and each in one piece."""
    keys = [name_key(name) for name in names]
    words = {word for key in keys for word in (*key.tokens, key.joined) if word}
    return " ".join([comparable(" ".join(names)), *sorted(words)])


DISCLOSURES = {"contact": PremisesContact}
