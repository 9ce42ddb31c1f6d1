"""Every code that a refusal can carry is documented for programs and translated for people."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from typing import get_args

import pytest

from api.problems import Refusal
from sync.custody import Judgement
from tests.tidy.tree import ROOT, list_python, syntax_of, texts_of

README = ROOT / "api" / "README.md"
LANGUAGES = ("km", "zh", "en")
# Where a code stands in a call: which argument, and under which name.
CALLS = {
    "Fault": (0, "code"),
    "FieldError": (1, "code"),
    "Refused": (0, "code"),
    "Later": (0, "code"),
}


def list_refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every kind of refusal that the running register knows."""
    import_module("api.app")
    for below in kind.__subclasses__():
        yield below
        yield from list_refusals(below)


def codes_of_calls() -> set[str]:
    """The codes that rules and the protocol give as literals."""
    nodes = [node for file in list_python("api", "sync") for node in ast.walk(syntax_of(file))]
    given = {code_given(node) for node in nodes if isinstance(node, ast.Call)}
    fields = {text_in(node) for node in nodes if re.fullmatch(r"field\.[a-z-]+", text_in(node))}
    return (given | fields) - {""}


def text_in(node: ast.AST | None) -> str:
    """The text of a literal; empty for everything else."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else ""


def code_given(call: ast.Call) -> str:
    called = getattr(call.func, "id", "")
    if called not in CALLS:
        return ""
    position, name = CALLS[called]
    named = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return text_in((call.args[position : position + 1] or named or [None])[0])


def all_codes() -> set[str]:
    judged = set(get_args(Judgement)) - {"allowed", "quarantined"}
    return {refusal.code for refusal in list_refusals()} | codes_of_calls() | judged


def documented_codes() -> set[str]:
    """The first column of the tables under the heading of the codes."""
    section = re.search(
        r"^## Problem codes$(.*?)(?=^## |\Z)", README.read_text(), re.MULTILINE | re.DOTALL
    )
    assert section, "api/README.md has no section 'Problem codes'"
    return set(re.findall(r"^\| *`([a-z.-]+)`", section[1], re.MULTILINE))


def test_the_list_of_codes_is_what_the_code_says():
    assert {"field.date", "bad-signature", "defect", "schema"} <= all_codes()
    assert documented_codes() == all_codes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_translated(language: str):
    texts = texts_of(language)
    assert sorted(code for code in all_codes() if not texts.get(f"problem.{code}")) == []


def test_a_code_has_one_meaning():
    codes = [refusal.code for refusal in list_refusals()]
    assert sorted(codes) == sorted(set(codes))


def test_a_code_stays_readable():
    for code in all_codes():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)?", code), code
