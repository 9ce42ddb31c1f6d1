"""The repository as data: its files and the syntax of its modules, read once for all tidy tests."""

import ast
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON_FOLDERS = ("api", "sync", "deploy", "tests")
# What tools and running registers leave behind; .gitignore names the same. (In a second work tree
# of a repository, .git is a file.)
NOT_OURS = frozenset({".git", ".venv", "var", "node_modules", "dist", "build", "__pycache__"})
CACHES = (".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache")


@cache
def list_files() -> tuple[Path, ...]:
    """Every file that is or would be committed, relative to the top."""
    return tuple(sorted(walk()))


def walk() -> Iterator[Path]:
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in {*NOT_OURS, *CACHES}]
        ours = [name for name in files if name not in NOT_OURS and is_source(name)]
        yield from (Path(folder, name).relative_to(ROOT) for name in ours)


def is_source(name: str) -> bool:
    return not name.endswith((".pyc", ".tsbuildinfo"))


def list_with_suffix(*suffixes: str) -> list[Path]:
    return [file for file in list_files() if file.suffix in suffixes]


def list_python(*folders: str) -> list[Path]:
    """The modules below some of our folders; all of them when none is named."""
    wanted = folders or PYTHON_FOLDERS
    return [file for file in list_with_suffix(".py") if file.parts[0] in wanted]


def list_folders(place: str) -> set[str]:
    """The names of the folders directly below a place that hold files of ours."""
    depth = len(Path(place).parts)
    below = [file for file in list_files() if file.parts[:depth] == Path(place).parts]
    return {file.parts[depth] for file in below if len(file.parts) > depth + 1}


@cache
def text_of(file: Path) -> str:
    """The text of a file; empty for pictures and the like."""
    try:
        return (ROOT / file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def texts_of(language: str) -> dict[str, str]:
    """Everything that the app says in a language: on its first screen, and what follows."""
    folder = ROOT / "pwa/src/text"
    parts = (folder / f"{language}.json", folder / f"later/{language}.json")
    first, later = (json.loads(part.read_text(encoding="utf-8")) for part in parts)
    return {**first, **later}


@cache
def syntax_of(file: Path) -> ast.Module:
    return ast.parse(text_of(file), filename=str(file))


def line_of(file: Path, text: str) -> int:
    """The number of the line that holds a text, so that a complaint can be clicked."""
    return text_of(file)[: text_of(file).index(text)].count("\n") + 1
