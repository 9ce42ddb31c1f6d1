"""The set-up page as HTML in three languages: one style, no script, every value escaped."""

import base64
import hashlib
import importlib
import io
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from api.setup.records import Steps

_TEXTS: Final = Path(__file__).parent / "texts.json"
_STYLE: Final = (
    "body{font:18px/1.6 'Noto Sans Khmer','Noto Sans SC',sans-serif;max-width:40rem;"
    "margin:2rem auto;padding:0 1rem}:lang(km){line-height:1.9}label{display:block;margin:1rem 0}"
    "input,select,textarea,button{display:block;width:100%;box-sizing:border-box;font:inherit;"
    "min-height:48px;padding:.4rem}small{display:block}.wrong{border-left:6px solid #a00;"
    "padding-left:.6rem}code{font-size:1.3em}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_NAMES: Final = {"km": "ខ្មែរ", "zh": "中文", "en": "English"}
_LONG: Final = ("legal_basis",)
_OPTIONAL: Final = ("approved_by", "approved_on")
_HINTS: Final = {"order_id": "order_hint", "approved_on": "pledge_hint"}


class Choices(Struct, frozen=True):
    """What the form offers to choose from, by the value that is sent."""

    province: str
    communes: Mapping[str, str]
    orders: Mapping[str, str]


@cache
def _texts() -> dict[str, dict[str, str]]:
    return msgspec.json.decode(_TEXTS.read_bytes(), type=dict[str, dict[str, str]])


def say(key: str, language: str) -> str:
    """Return a text of the page, escaped."""
    return escape(_texts()[key][language])


def draw_form(
    language: str, typed: Mapping[str, str], wrong: Sequence[str], choices: Choices
) -> str:
    """Return the form with what was typed, and a summary of what is wrong on top."""
    fields = [
        _draw_text("code", language, typed, wrong),
        *(
            _draw_text(name, language, typed, wrong)
            for name in ("operator", "contact", "legal_basis")
        ),
        f"<p>{say('province', language)}: <strong>{escape(choices.province)}</strong></p>",
        _draw_choice("order_id", language, typed, choices.orders),
        *(_draw_text(name, language, typed, wrong) for name in _OPTIONAL),
        _draw_choice("place", language, typed, choices.communes),
    ]
    return _draw_page(
        language,
        "title",
        f"<p>{say('why', language)}</p>{_draw_summary(language, wrong)}"
        f'<form method="post" action="/setup"><input type="hidden" name="language"'
        f' value="{language}">{"".join(fields)}'
        f"<button>{say('save', language)}</button></form>",
    )


def draw_done(language: str, steps: Steps, link: str) -> str:
    """Return what to do next: the code for the first head of post."""
    draft = "" if steps.is_pledge_approved else f"<p>{say('draft', language)}</p>"
    return _draw_page(
        language,
        "done",
        f"<p>{say('invitation', language)}</p>{_draw_qr(link)}"
        f"<p><code>{escape(steps.invitation)}</code></p><p>{escape(link)}</p>{draft}",
    )


def _draw_page(language: str, title: str, body: str) -> str:
    links = " · ".join(
        f'<a lang="{code}" href="/setup?language={code}">{name}</a>'
        for code, name in _NAMES.items()
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{say(title, language)}</title><style>{_STYLE}</style></head><body>"
        f"<nav>{links}</nav><main><h1>{say(title, language)}</h1>{body}</main></body></html>"
    )


def _draw_summary(language: str, wrong: Sequence[str]) -> str:
    items = "".join(f'<li><a href="#{name}">{say(name, language)}</a></li>' for name in wrong)
    return (
        f'<div class="wrong" role="alert"><p>{say("problem", language)}</p><ul>{items}</ul></div>'
        if wrong
        else ""
    )


def _draw_text(name: str, language: str, typed: Mapping[str, str], wrong: Sequence[str]) -> str:
    value = escape(typed.get(name, ""))
    about = f'id="{name}" name="{name}"' + ("" if name in _OPTIONAL else " required")
    about += ' aria-invalid="true"' if name in wrong else ""
    field = (
        f"<textarea {about} maxlength=1000>{value}</textarea>"
        if name in _LONG
        else f'<input {about} maxlength="200" autocomplete="off" value="{value}">'
    )
    return f"<label>{say(name, language)}{_draw_hint(name, language)}{field}</label>"


def _draw_choice(
    name: str, language: str, typed: Mapping[str, str], offered: Mapping[str, str]
) -> str:
    chosen = typed.get(name, next(iter(offered)) if len(offered) == 1 else "")
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(label)}</option>"
        for value, label in offered.items()
    )
    return (
        f"<label>{say(name, language)}{_draw_hint(name, language)}"
        f'<select id="{name}" name="{name}" required>'
        f'<option value="">{say("choose", language)}</option>{options}</select></label>'
    )


def _draw_hint(name: str, language: str) -> str:
    return f"<small>{say(_HINTS[name], language)}</small>" if name in _HINTS else ""


def _draw_qr(link: str) -> str:
    """Return a QR code as a picture in the page, or nothing without the extra [print]."""
    if find_spec("segno") is None:
        return ""
    drawn = io.BytesIO()
    importlib.import_module("segno").make(link, error="m").save(drawn, kind="svg", scale=5)
    data = base64.b64encode(drawn.getvalue()).decode()
    return f'<img alt="QR" src="data:image/svg+xml;base64,{data}">'
