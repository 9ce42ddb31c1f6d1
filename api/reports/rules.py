"""What stands on paper: views put into the words of a form; pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from api.facts.countries import countries
from api.pledges.records import PledgeText
from api.printing.records import Language
from api.reports.records import PersonLine
from api.views.records import View

EMPTY_ROWS: Final = 8
_SHOWN: Final = ("pending", "accepted", "returned", "referred", "conflict")


def describe_premises(
    view: View, commune: str, words: Mapping[str, str], language: Language
) -> list[tuple[str, str]]:
    """Return the facts of premises with the name of their word."""
    body, parties = view.body, _part(view.body, "contact")
    owner, operator = _part(parties, "owner"), _part(parties, "operator")
    return [
        ("name", _name(body.get("names", {}), language)),
        ("kind", words.get(f"premises.kind.{body.get('kind')}", "")),
        ("commune", commune),
        ("village", _text(body.get("village"))),
        ("rooms", _text(body.get("rooms_count"))),
        ("owner", _text(owner.get("name"))),
        ("operator", _text(operator.get("name"))),
        ("phone", _text(owner.get("phone"))),
    ]


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
    return PersonLine(
        room=_text(body.get("unit")),
        full_name=f"{_text(identity.get('primary'))} {_text(identity.get('secondary'))}".strip(),
        nationality=_country(_text(body.get("nationality")), language),
        sex=_text(body.get("sex")),
        born=_text(identity.get("born_on")),
        passport=_text(document.get("number")),
        visa=f"{_text(visa.get('class'))} {_text(visa.get('expires_on'))}".strip(),
        arrived=_text(body.get("arrived_on")),
        holder=words.get(f"holder.{body.get('document_holder')}", ""),
    )


def _country(code: str, language: Language) -> str:
    country = countries().get(code)
    return code if country is None else country.names[language] or code


def _name(names: Mapping[str, str], language: Language) -> str:
    wanted = "latin" if language == "en" else language
    return names.get(wanted) or next(iter(names.values()), "")


def _part(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    part: Any = body.get(name)
    return cast("dict[str, Any]", part) if isinstance(part, dict) else {}


def _text(value: object) -> str:
    return "" if value is None else str(value)
