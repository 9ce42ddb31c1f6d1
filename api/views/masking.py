"""What of a disclosure is not for a role, and what would tell a refugee: pure.

Apart from opening, so that what is kept back stands in one place.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from msgspec.structs import replace

from api.access import Role
from api.facts.masking import mask_number
from api.facts.values import comparable
from api.views.records import View

_NUMBERS: Final = ("number", "visa_number", "permit_number")
_NAMELESS: Final = ("analyst", "auditor")
_TOLD_SIGNERS: Final = ("owner", "officer", "province", "node", "register")
_SIGNING: Final = ("identity", "signature")
_EXTERNAL: Final = ("client",)
_PROTECTED: Final = ("XXA", "XXB", "XXC")
# In a kind of paper, an issuer, or the reason why no paper was shown.
_TELLING: Final = ("REFUGEE", "STATELESS", "CONVENTION", "ASYLUM", "UNHCR", "UNRWA")
# The United Nations issue laissez-passers to their own people too.
_UNITED_NATIONS: Final = ("UNO", "UNA")
_LAISSEZ_PASSER: Final = ("PASSPORT", "TRAVEL_DOCUMENT")
_PAPERS: Final = ("document", "document_missing")
_UNSPECIFIED: Final = "XXX"


def mask(role: Role, kind: str, name: str, value: dict[str, Any]) -> dict[str, Any] | None:
    """Return a disclosure as a role may read it, its numbers masked; None when it may not at all.

    Who signed a pledge, and how it looks, is for the own side, the commune and the province.
    """
    if role in _NAMELESS:
        return None
    if kind == "pledge" and name in _SIGNING and role not in _TOLD_SIGNERS:
        return None
    if name == "document":
        return _mask_numbers(value, _NUMBERS)
    if name == "contact":
        return {part: _mask_party(party) for part, party in value.items()}
    return value


def _mask_numbers(value: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: mask_number(one) if name in names and isinstance(one, str) else one
        for name, one in value.items()
    }


def _mask_party(party: object) -> object:
    """Mask the identity paper of somebody who answers for premises."""
    if not isinstance(party, dict):
        return party
    return _mask_numbers(cast("dict[str, Any]", party), ("document",))


def shield(role: Role, view: View) -> View:
    """Return the view without what tells a refugee or stateless person to programs.

    Once any revision, branch or paper said so, none of them shows nationality, document, or why
    there is none.
    """
    if role not in _EXTERNAL or not any(_tells(body) for body in _bodies(view)):
        return view
    history = view.history
    return replace(
        view,
        body=_hide(view.body),
        branches=tuple(replace(one, body=_hide(one.body)) for one in view.branches),
        history=history and tuple(replace(one, body=_hide(one.body or {})) for one in history),
    )


def _bodies(view: View) -> Iterator[Mapping[str, Any]]:
    yield view.body
    yield from (branch.body for branch in view.branches)
    yield from (revision.body or {} for revision in view.history or ())


def _tells(body: Mapping[str, Any]) -> bool:
    paper: Mapping[str, Any] = body.get("document") or {}
    kind, issuer = _plain(paper.get("kind")), _plain(paper.get("issuer"))
    nationality, missing = _plain(body.get("nationality")), _plain(body.get("document_missing"))
    return (
        nationality in _PROTECTED
        or issuer in _PROTECTED
        or (issuer in _UNITED_NATIONS and kind not in _LAISSEZ_PASSER)
        or any(word in text for word in _TELLING for text in (kind, issuer, missing))
    )


def _plain(code: object) -> str:
    return comparable(str(code)).upper()


def _hide(body: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in body.items() if name not in _PAPERS}
    return {**kept, "nationality": _UNSPECIFIED} if "nationality" in kept else kept
