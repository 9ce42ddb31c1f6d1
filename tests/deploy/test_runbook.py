"""The runbook names commands and files that are there, as somebody types them at night."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.__main__ import make_parser
from deploy.environment import ROOT

_FOLDER = ROOT / "deploy"
_PAGES = sorted([*_FOLDER.glob("*.md"), *_FOLDER.glob("*/*.md"), *_FOLDER.glob("*/*.service")])
# In the block of a shell, between two backticks, or after ExecStart.
_TYPED = re.compile(r"(?:^ *|`|&& |/bin/)sangkat ([a-z]+[^`\n|;&)]*)", re.MULTILINE)
_LINKED = re.compile(r"\]\(([^)#:]+)[^):]*\)")
#: Made beside this folder: backups by themselves, and upgrades that can be undone.


def identify(page: Path) -> str:
    return str(page.relative_to(_FOLDER))


def list_unknown(parser: argparse.ArgumentParser, words: list[str]) -> Iterator[str]:
    """Yield the commands and flags among the words that this program does not have."""
    known = set(parser._option_string_actions)
    for place, word in enumerate(words):
        below = find_commands(parser)
        if below and word in below:
            yield from list_unknown(below[word], words[place + 1 :])
            return
        if word not in known and (below or word.startswith("--")):
            yield word


def find_commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


@pytest.mark.parametrize("page", _PAGES, ids=identify)
def test_every_command_and_flag_is_one_of_this_program(page: Path):
    typed = [found.split() for found in _TYPED.findall(page.read_text())]
    parser = make_parser()
    assert [(words, wrong) for words in typed for wrong in list_unknown(parser, words)] == []


def test_a_sealed_backup_is_made_and_opened_as_it_is_told():
    for folder in ("one-machine", "province"):
        assert "sangkat backup --new-identity" in (_FOLDER / folder / "README.md").read_text()
    told = [
        found for found in _TYPED.findall((_FOLDER / "RUNBOOK.md").read_text()) if "FILE" in found
    ]
    restores = [found for found in told if found.startswith("restore")]
    assert restores
    assert [found for found in restores if "--identity" not in found] == []


@pytest.mark.parametrize("page", [one for one in _PAGES if one.suffix == ".md"], ids=identify)
def test_every_page_that_is_linked_is_there(page: Path):
    linked = _LINKED.findall(page.read_text())
    assert [name for name in linked if not (page.parent / name).exists()] == []


def test_every_file_of_a_machine_is_explained():
    for folder in ("one-machine", "province"):
        explained = (_FOLDER / folder / "README.md").read_text()
        files = {file.name for file in (_FOLDER / folder).iterdir()} - {"README.md"}
        named = {file for file in files if file in explained or file.split(".")[0] in explained}
        assert files - named == set()
