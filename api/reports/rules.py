"""What stands on paper: views put into the words of a form; pure."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

from api.facts.countries import countries
from api.orders.records import KnownOrder, Order
from api.orders.rules import collects, day_of, find_covering
from api.pledges.records import PledgeText
from api.printing.records import Language
from api.reports.records import PersonLine
from api.views.records import View
from sync.instants import write_instant

EMPTY_ROWS: Final = 8
_UNKNOWN: Final = "unknown"
_SHOWN: Final = ("pending", "accepted", "returned", "referred", "conflict")


def describe_premises(
    view: View, commune: str, words: Mapping[str, str], language: Language
) -> list[tuple[str, str]]:
    """Return the facts of premises with the name of their word."""
    body, parties = view.body, _part(view.body, "contact")
    owner, operator = _part(parties, "owner"), _part(parties, "operator")
    told = partial(_tell, words)
    return [
        ("name", _name_premises(view, words, language)),
        ("kind", _tell(words, body.get("kind"), "premises.kind")),
        ("commune", commune),
        ("village", told(body.get("village"))),
        ("rooms", told(body.get("rooms_count"))),
        ("owner", told(owner.get("name"))),
        ("operator", told(operator.get("name"))),
        ("phone", told(owner.get("phone"))),
    ]


def _name_premises(view: View, words: Mapping[str, str], language: Language) -> str:
    """Return the name of premises, in the script of the form where they have one."""
    names = _part(view.body, "names")
    known = {script: name for script, name in names.items() if name != _UNKNOWN}
    wanted = "latin" if language == "en" else language
    return known.get(wanted) or next(iter(known.values()), words["not_known"] if names else "")


def describe_belonging(
    view: View, order: Order | None, words: Mapping[str, str], language: Language
) -> dict[str, str]:
    """Return of what premises and order a page is, so that a loose one is known again."""
    return {
        "premises": _join(_name_premises(view, words, language), f"({view.id})"),
        "order": "" if order is None else getattr(order.title, language),
    }


def find_order(
    orders: Sequence[KnownOrder], ancestry: Sequence[str], text_id: str, now_ms: int
) -> Order | None:
    """Return the order in force at a place that asks for a pledge text, as phones choose it.

    The deadline that is next comes first, one that has passed last.
    """
    asking = [
        known.order
        for known in find_covering(orders, ancestry)
        if known.order.pledge_text_id == text_id and collects(known.order, day_of(now_ms))
    ]
    return min(asking, key=partial(_rank, now=write_instant(now_ms)), default=None)


def _rank(order: Order, now: str) -> tuple[int, str]:
    if order.deadline_at is None:
        return (2, "")
    return (1 if order.deadline_at >= now else 3, order.deadline_at)


def describe_people(
    views: Sequence[View], words: Mapping[str, str], language: Language
) -> list[PersonLine]:
    """Return one line a person who is there; numbers stay masked as everywhere."""
    present = [view for view in views if view.effect in _SHOWN]
    return [_describe(view.body, words, language) for view in present]


def describe_pledge(text: PledgeText, language: Language) -> dict[str, Any]:
    """Return a pledge text as the form sets it."""
    wording = text.languages[language]
    return {
        "title": wording.title,
        "preamble": wording.preamble,
        "clauses": [{"n": clause.n, "text": clause.text} for clause in wording.clauses],
        "closing": wording.closing,
        "hash": wording.hash,
        "is_draft": text.approved_on is None,
    }


def _describe(body: Mapping[str, Any], words: Mapping[str, str], language: Language) -> PersonLine:
    identity, document, visa = (_part(body, name) for name in ("identity", "document", "visa"))
    told = partial(_tell, words)
    return PersonLine(
        room=told(body.get("unit")),
        full_name=_full_name(identity, words),
        nationality=_country(told(body.get("nationality")), language),
        sex=told(body.get("sex"), "sex"),
        born=told(identity.get("born_on")),
        passport=told(document.get("number")),
        visa=_join(told(visa.get("class"), "visa"), told(visa.get("expires_on"))),
        arrived=told(body.get("arrived_on")),
        holder=told(body.get("document_holder"), "holder"),
    )


def _tell(words: Mapping[str, str], value: object, family: str = "") -> str:
    """Return a value in the words of the form; of a family of codes where it has a word."""
    text = _text(value)
    return words["not_known"] if text == _UNKNOWN else words.get(f"{family}.{text}", text)


def _full_name(identity: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Return the name as in the passport, and as the person writes it."""
    return _join(*(_tell(words, identity.get(part)) for part in ("primary", "secondary", "native")))


def _join(*parts: str) -> str:
    return " ".join(dict.fromkeys(part for part in parts if part))


def _country(code: str, language: Language) -> str:
    country = countries().get(code)
    return code if country is None else country.names[language] or code


def _part(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    part: Any = body.get(name)
    return cast("dict[str, Any]", part) if isinstance(part, dict) else {}


def _text(value: object) -> str:
    return "" if value is None else str(value)
