"""Nothing in the repository hides a gap, knows one machine, or weighs too much."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.tidy.tree import ROOT, line_of, list_files, list_with_suffix, text_of

BYTES_MAX = 500_000
# This file names what it forbids; npm writes into its lock whom to thank.
NOT_READ = {Path("tests/tidy/test_repository.py"), Path("pwa/package-lock.json")}

# What would let a check pass without checking.
SWITCHED_OFF = re.compile(
    r"\b(TODO|FIXME|HACK)\b|# *noqa|(type|pyright|ruff|mypy|pylint): *ignore|pragma: no cover"
    r"|@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable|codespell:ignore"
    r"|\b(skipif|xfail|importorskip|pytest\.skip|mark\.skip|skipTest)\b"
    r"|\b(it|test|describe)\.(skip|todo|only|fails)\b"
)
MACHINE_PATH = re.compile(r"(?<![\w./@-])/(?:work|root|home|Users|opt|mnt)/\w+")
ADDRESS = re.compile(r"""https?://[^\s"'`<>)\]}|]+""")
# Addresses that name a thing and are never fetched, this machine, and names kept for examples.
HOSTS = {"www.w3.org", "www.apache.org", "json-schema.org", "spec.openapis.org"}
OF_THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]", "0.0.0.0", "testserver"}


def find_all(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{file}:{line_of(file, found[0])} {found[0]}"
        for file in list_files()
        if file not in NOT_READ
        for found in pattern.finditer(text_of(file))
    ]


def is_named_host(address: str) -> bool:
    host = re.sub(r":\S*$", "", urlsplit(address).netloc.rpartition("@")[2])
    is_example = host.endswith((".example", ".test", ".invalid", ".localhost"))
    is_placeholder = not re.fullmatch(r"[\w.-]+\.\w+", host)
    return is_example or is_placeholder or host in HOSTS | OF_THIS_MACHINE


def test_nothing_is_switched_off_or_left_for_later():
    assert find_all(SWITCHED_OFF) == []


def test_no_file_knows_the_machine_it_was_written_on():
    assert find_all(MACHINE_PATH) == []


def test_no_file_leads_to_a_host_that_is_not_named_here():
    found = [place for place in find_all(ADDRESS) if not is_named_host(place.split(" ", 1)[1])]
    assert found == []


def test_no_file_weighs_too_much():
    files = list_files()
    assert Path("pyproject.toml") in files
    assert [str(file) for file in files if (ROOT / file).stat().st_size > BYTES_MAX] == []


def test_every_typescript_module_opens_with_what_it_is():
    modules = [file for file in list_with_suffix(".ts", ".tsx") if file.parts[:2] == ("pwa", "src")]
    assert modules
    assert [str(file) for file in modules if not text_of(file).startswith(("// ", "/**"))] == []


def test_every_top_folder_says_what_it_holds():
    folders = {file.parts[0] for file in list_files() if len(file.parts) > 1}
    visible = {folder for folder in folders if not folder.startswith(".")}
    assert visible <= {"api", "sync", "pwa", "tests", "deploy"}
    assert [
        folder for folder in sorted(visible) if not (ROOT / folder / "README.md").exists()
    ] == []


def test_what_is_switched_off_is_seen():
    for line in ("x  # noqa: E501", "# TO" + "DO later", "it.skip('x')", "y  # type: ignore[x]"):
        assert SWITCHED_OFF.search(line), line


def test_a_strange_host_is_seen():
    assert not is_named_host("https://fonts.strange.net/a.css")
    assert is_named_host("https://register.example:8443/verify#x")
    assert is_named_host("http://127.0.0.1:8000/app/")
