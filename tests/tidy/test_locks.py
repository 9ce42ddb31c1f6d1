"""The lock files pin what pyproject.toml asks for, with hashes and without naming a registry."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tidy.tree import PYTHON_FOLDERS, ROOT, list_python, syntax_of

LOCKS = ["deploy/requirements.txt", "deploy/node-requirements.txt", "tests/requirements.txt"]
ENTRY = re.compile(
    r"^([\w.-]+)==([^\s;\\]+)((?:.*\\\n)(?: +--hash=sha256:\w{64}(?: \\)?\n)+)", re.MULTILINE
)


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text()
    return {canonicalize_name(name): version for name, version, _ in ENTRY.findall(text)}


def wanted(groups: list[str]) -> list[Requirement]:
    """What the program, all its extras and these groups of tools ask for."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    texts = list(asked["project"]["dependencies"])
    texts += [t for extra in asked["project"]["optional-dependencies"].values() for t in extra]
    texts += [t for group in groups for t in asked["dependency-groups"][group]]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_with_hashes_and_names_no_registry(lock: str):
    text = (ROOT / lock).read_text()
    lines = [line for line in text.splitlines() if line and line[0] not in "# "]
    assert lines
    assert len(pins(lock)) == len(lines), "an entry without a hash, or two of one package"
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize(
    ("lock", "groups"),
    [
        ("deploy/requirements.txt", []),
        ("tests/requirements.txt", ["tests"]),
    ],
)
def test_a_lock_holds_what_the_project_asks_for(lock: str, groups: list[str]):
    pinned = pins(lock)
    missing = [
        str(asked)
        for asked in wanted(groups)
        if not asked.specifier.contains(pinned.get(canonicalize_name(asked.name), "0"))
    ]
    assert missing == []


def test_the_tests_import_only_what_the_project_asks_for():
    asked = {canonicalize_name(r.name) for r in wanted(["tests"])}
    brought = packages_distributions()
    strange = {name for name in imported_by_tests() if not asked & distributions(brought, name)}
    assert strange == set()


def distributions(brought: Mapping[str, list[str]], package: str) -> set[str]:
    return {canonicalize_name(name) for name in brought.get(package, [])}


def imported_by_tests() -> set[str]:
    """The packages of others that some test names."""
    nodes = [node for file in list_python("tests") for node in ast.walk(syntax_of(file))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names} - sys.stdlib_module_names - set(PYTHON_FOLDERS)


@pytest.mark.parametrize("lock", ["deploy/requirements.txt", "deploy/node-requirements.txt"])
def test_the_tests_run_with_the_versions_that_are_deployed(lock: str):
    assert pins(lock).items() <= pins("tests/requirements.txt").items()


def test_the_lock_of_the_pwa_has_hashes_and_names_no_registry():
    packages = json.loads((ROOT / "pwa/package-lock.json").read_text())["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert fetched
    assert [name for name, entry in fetched.items() if "integrity" not in entry] == []
    assert [name for name, entry in fetched.items() if "resolved" in entry] == []
