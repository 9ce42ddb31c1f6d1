"""Accounts from the command line: the same with a running server and without."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.commands.served import Served, sangkat, served
from tests.makers import DISTRICT, LOG, SANGKAT_4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("register")) as started:
        yield started


def ask(server: Served, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{server.url}/v1/sync/pull", json={}, headers=headers)


def test_a_register_is_not_made_by_mistyping(tmp_path: Path):
    done = sangkat("account", "list", data=tmp_path / "typo")
    assert done.returncode == 1
    assert "no register" in done.stderr
    assert not (tmp_path / "typo").exists()


def test_a_role_or_place_that_does_not_exist_is_refused(server: Served):
    assert sangkat("account", "invite", "--role", "king", data=server.data).returncode == 2
    flags = ["--role", "officer", "--place", "psh-c-nowhere"]
    done = sangkat("account", "invite", *flags, data=server.data)
    assert done.returncode == 1
    assert "/places" in done.stderr


def test_an_invitation_is_made_while_the_server_runs(server: Served):
    flags = ["--role", "officer", "--place", SANGKAT_4]
    done = sangkat("account", "invite", *flags, data=server.data)
    assert done.returncode == 0
    assert len(done.stdout.split()[0]) == len("ABCD-EFGH-JKMN-PQRS")


def test_a_token_works_until_its_account_is_disabled(server: Served):
    flags = ["--place", SANGKAT_4, "--scope", "registrations:read"]
    made = sangkat("account", "token", *flags, "--name", "TEST DATA Program", data=server.data)
    token = made.stdout.strip()
    assert ask(server, token).status_code == 200
    account = made.stderr.split()[2].rstrip(",")
    assert list_programs(server)[account][2:5] == ["active", "0", "1"]
    assert list_programs(server)[account][-3:] == ["TEST", "DATA", "Program"]
    assert sangkat("account", "disable", account, data=server.data).returncode == 0
    assert ask(server, token).status_code == 401
    assert list_programs(server)[account][2:5] == ["closed", "0", "0"]


def list_programs(server: Served) -> dict[str, list[str]]:
    listed = sangkat("account", "list", "--role", "client", data=server.data).stdout
    return {line.split()[0]: line.split() for line in listed.splitlines()}


@pytest.mark.parametrize(
    "command",
    [
        f"token --role province --place {SANGKAT_4}",
        f"invite --role auditor --place {SANGKAT_4}",
    ],
)
def test_a_role_has_no_places_but_its_own(server: Served, command: str):
    done = sangkat("account", *command.split(), data=server.data)
    assert (done.returncode, done.stdout) == (1, "")
    assert "/places" in done.stderr


@pytest.mark.parametrize("command", ["invite --role officer", "invite --role district", "token"])
def test_the_flag_that_a_role_needs_is_named(server: Served, command: str):
    done = sangkat("account", *command.split(), data=server.data)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("--place is missing")


def test_a_district_stands_for_its_communes(server: Served):
    flags = ["--role", "district", "--place", DISTRICT]
    assert sangkat("account", "token", *flags, data=server.data).returncode == 0
    listed = sangkat("account", "list", "--role", "district", data=server.data).stdout
    assert SANGKAT_4 in listed
    assert DISTRICT not in listed


def test_an_account_that_does_not_exist_cannot_be_disabled(server: Served):
    done = sangkat("account", "disable", "01a1f8ec-2417-7a71-b55c-07e9eca4b4d4", data=server.data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("not-found")


def test_a_token_made_without_a_server_holds_when_one_starts(tmp_path: Path):
    with served(tmp_path):
        pass
    token = sangkat("account", "token", "--role", "province", "--place", LOG, data=tmp_path)
    with served(tmp_path) as server:
        assert ask(server, token.stdout.strip()).status_code == 200


def test_nobody_but_the_operator_finds_these_calls(server: Served):
    assert httpx.get(f"{server.url}/accounts").status_code == 404
    body = {"path": "/tmp/stolen"}
    assert httpx.post(f"{server.url}/backups", json=body).status_code == 404
