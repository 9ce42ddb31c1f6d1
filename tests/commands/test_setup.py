"""The first steps from the command line, with a running server and without."""

from pathlib import Path

import httpx

from tests.commands.served import sangkat, served
from tests.makers import SANGKAT_4

FLAGS = ["--operator", "TEST DATA", "--contact", "TEST DATA", "--legal-basis", "TEST DATA"]


def test_what_is_missing_is_named(tmp_path: Path):
    with served(tmp_path):
        done = sangkat("setup", *FLAGS, data=tmp_path)
        assert (done.returncode, done.stderr) == (2, "--place is missing\n")
        done = sangkat("setup", *FLAGS, "--place", "psh-c-nowhere", data=tmp_path)
        assert done.returncode == 1
        assert "/place" in done.stderr


def test_the_terminal_gives_the_code_of_the_page_until_the_set_up_is_done(tmp_path: Path):
    with served(tmp_path) as server:
        assert f"{server.url}/setup" in server.said
        assert httpx.get(f"{server.url}/setup").status_code == 200
        done = sangkat("setup", *FLAGS, "--place", SANGKAT_4, data=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "sangkat pledge approve" in done.stdout
        assert httpx.get(f"{server.url}/setup").status_code == 404
    with served(tmp_path) as server:
        assert "/setup" not in server.said
    for flags in [], [*FLAGS, "--place", SANGKAT_4]:
        again = sangkat("setup", *flags, data=tmp_path)
        assert (again.returncode, again.stderr.count("\n")) == (1, 1)
        assert again.stderr.startswith("setup.done: this register is set up already")
        assert "sangkat account invite" in again.stderr


def test_a_pledge_text_is_approved_after_the_set_up(tmp_path: Path):
    with served(tmp_path) as server:
        assert sangkat("setup", *FLAGS, "--place", SANGKAT_4, data=tmp_path).returncode == 0
        assert "draft" in sangkat("pledge", "list", data=tmp_path).stdout
        approval = ("psh-2022-short", "--by", "TEST DATA", "--on", "2026-01-05")
        done = sangkat("pledge", "approve", *approval, data=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "2026-01-05  TEST DATA" in done.stdout
        texts = httpx.get(f"{server.url}/app/register.json").json()["pledge_texts"]
        assert [text["status"] for text in texts if text["id"] == "psh-2022-short"] == ["approved"]
    unknown = sangkat("pledge", "approve", "nothing", *approval[1:], data=tmp_path)
    assert (unknown.returncode, unknown.stderr) == (1, "not-found: Not found\n")


def test_the_page_of_the_terminal_opens_with_its_code(tmp_path: Path):
    with served(tmp_path) as server:
        code = server.said.split("Code for the page: ")[1].split()[0]
        form = {"code": code, "operator": "TEST DATA"}
        answer = httpx.post(f"{server.url}/setup", data=form)
        assert answer.status_code == 422
        assert 'href="#code"' not in answer.text
        assert 'href="#contact"' in answer.text
