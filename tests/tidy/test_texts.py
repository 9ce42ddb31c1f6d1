"""The languages of the PWA say the same things: same keys, same placeholders."""

import json
import re
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT, list_with_suffix

SOURCE = Path("pwa/src/text/en.json")
# What no first screen says, loaded after it.
LATER = SOURCE.parent / "later" / SOURCE.name
TRANSLATED = ("km", "zh")


def catalogue(file: Path) -> dict[str, str]:
    return json.loads((ROOT / file).read_text(encoding="utf-8"))


def list_languages() -> list[Path]:
    homes = (SOURCE.parent, LATER.parent)
    return [file for file in list_with_suffix(".json") if file.parent in homes]


def placeholders(text: str) -> set[str]:
    """The arguments of a message of the ICU subset: {name}, {n, plural, …}, {s, select, …}."""
    found: set[str] = set()
    inside = ["message"]
    for sign in re.finditer(r"([{}])\s*(\w*)", text):
        if sign[1] == "}":
            inside.pop()
        elif inside[-1] == "message":
            found.add(sign[2])
            inside.append("argument")
        else:
            inside.append("message")
    assert inside == ["message"], f"braces do not match: {text}"
    return found


def test_khmer_chinese_and_english_are_there():
    for home in (SOURCE.parent, LATER.parent):
        found = {file.stem for file in list_languages() if file.parent == home}
        assert found >= {"en", *TRANSLATED}
    assert catalogue(SOURCE)


def test_a_text_is_either_loaded_at_once_or_later():
    assert catalogue(SOURCE).keys() & catalogue(LATER).keys() == set()


@pytest.mark.parametrize("file", list_languages(), ids=str)
def test_a_language_has_every_text_and_no_other(file: Path):
    assert catalogue(file).keys() == catalogue(file.with_name(SOURCE.name)).keys()


@pytest.mark.parametrize("file", list_languages(), ids=str)
def test_no_text_is_empty(file: Path):
    assert [key for key, text in catalogue(file).items() if not text.strip()] == []


@pytest.mark.parametrize("file", list_languages(), ids=str)
def test_a_language_fills_in_the_same_values(file: Path):
    source = catalogue(file.with_name(SOURCE.name))
    differing = [
        key
        for key, text in catalogue(file).items()
        if placeholders(text) != placeholders(source.get(key, ""))
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nothing", set()),
        ("{a} and {b}", {"a", "b"}),
        ("{n, plural, =0 {none} one {# of {all}} other {# days}}", {"n", "all"}),
        ("{s, select, x {day} other {{b}}} {c}", {"s", "b", "c"}),
    ],
)
def test_the_placeholders_of_a_text_are_found(text: str, names: set[str]):
    assert placeholders(text) == names
