"""The demonstration from the command line: made once, kept as it is, its codes open doors."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.commands.served import Served, sangkat, served
from tests.makers import SANGKAT_4

ROLES = {"owner", "officer", "district", "province", "analyst", "auditor", "client"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("demo")
    with served(folder, "--demo", "tiny", "--today", "2026-03-02") as started:
        yield started


def read_access(data: Path) -> dict[str, Any]:
    return json.loads((data / "demo-access.json").read_text())


def headers_of(access: dict[str, Any], role: str) -> dict[str, str]:
    token = next(each["token"] for each in access["tokens"] if each["role"] == role)
    return {"Authorization": f"Bearer {token}"}


def test_what_a_visitor_needs_lies_in_one_private_file(server: Served):
    path = server.data / "demo-access.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    access = read_access(server.data)
    assert set(access) == {"url", "register", "orders", "communes", "owner_invitation", "tokens"}
    assert access["url"] == server.url
    assert {commune["place_id"] for commune in access["communes"]} >= {SANGKAT_4}
    assert len(access["communes"][0]["premises"]) == 6
    assert {token["role"] for token in access["tokens"]} == ROLES


def test_every_token_opens_the_register(server: Served):
    access = read_access(server.data)
    for role in ROLES - {"analyst", "auditor"}:
        headers = headers_of(access, role)
        answer = httpx.get(f"{server.url}/v1/premises", headers=headers)
        assert answer.status_code == 200, role
    assert httpx.get(f"{server.url}/v1/premises").status_code == 401


def test_the_demo_order_is_due_in_three_days(server: Served):
    orders = httpx.get(f"{server.url}/app/register.json").json()["orders"]
    assert any(order.get("deadline_at") == "2026-03-05T16:59:59.000Z" for order in orders)
    assert read_access(server.data)["orders"][0] in {order["id"] for order in orders}


def test_the_register_says_that_it_is_a_demo_and_shows_its_day(server: Served):
    shell = httpx.get(f"{server.url}/app/register.json").json()
    assert shell["demo"] is True
    assert shell["server_time"].startswith("2026-03-0")
    assert "TEST DATA" in server.said


def test_the_owners_link_says_that_it_is_for_an_owner_and_the_file_holds_codes_alone(
    server: Served,
):
    access = read_access(server.data)
    link = f"{server.url}/app/?invitation="
    assert f"{link}{access['owner_invitation']}&capacity=owner\n" in server.said
    assert f"{link}{access['communes'][0]['officer_invitation']}  (" in server.said


def test_what_an_officer_sees_has_every_state(server: Served):
    headers = headers_of(read_access(server.data), "officer")
    stays = httpx.get(f"{server.url}/v1/stays?limit=100", headers=headers).json()["items"]
    effects = {stay["effect"] for stay in stays}
    assert effects == {
        "accepted", "pending", "returned", "departed", "conflict", "duplicate_of", "withdrawn",
    }  # fmt: skip


def test_a_second_start_keeps_everything_but_the_address(tmp_path: Path):
    with served(tmp_path, "--demo", "tiny"):
        first = read_access(tmp_path)
    with served(tmp_path, "--demo", "tiny") as again:
        second = read_access(tmp_path)
        answer = httpx.get(f"{again.url}/v1/premises", headers=headers_of(first, "owner"))
        assert answer.status_code == 200
    assert {**first, "url": ""} == {**second, "url": ""}
    assert second["url"] == again.url
    with served(tmp_path) as plain:
        assert httpx.get(f"{plain.url}/app/register.json").json()["demo"] is True


def test_a_real_register_is_never_filled_with_test_data(tmp_path: Path):
    with served(tmp_path):
        pass
    for command in (["demo", "tiny"], ["serve", "--demo", "tiny", "--port", "0"]):
        done = sangkat(*command, data=tmp_path)
        assert done.returncode == 1
        assert "--data" in done.stderr
    assert not (tmp_path / "demo-access.json").exists()


@pytest.mark.parametrize("asked", [["commune"], ["tiny", "--seed", "7"]])
def test_another_demonstration_than_the_one_that_is_there_is_refused(
    server: Served, asked: list[str]
):
    done = sangkat("demo", *asked, data=server.data)
    assert (done.returncode, done.stdout) == (1, "")
    assert "holds the demonstration tiny of 2026-03-02" in done.stderr
    same = sangkat("demo", "tiny", data=server.data)
    assert (same.returncode, "as it was" in same.stdout) == (0, True)


def test_a_loading_that_broke_off_is_begun_again(tmp_path: Path):
    (tmp_path / "demo-loading").mkdir()
    (tmp_path / "demo-loading" / "register.sqlite3").write_bytes(b"half")
    assert sangkat("demo", "tiny", data=tmp_path).returncode == 0
    assert not (tmp_path / "demo-loading").exists()
    assert sangkat("verify", data=tmp_path).returncode == 0


def test_a_used_code_is_replaced_at_the_next_start(tmp_path: Path):
    assert sangkat("demo", "tiny", data=tmp_path).returncode == 0
    access = read_access(tmp_path)
    access["owner_invitation"] = "0000-0000-0000-0000"
    (tmp_path / "demo-access.json").write_text(json.dumps(access))
    with served(tmp_path):
        assert read_access(tmp_path)["owner_invitation"] != access["owner_invitation"]


@pytest.mark.parametrize("day", ["yesterday", "1969-01-01", "2022-02-30"])
def test_a_day_that_cannot_be_shown_is_wrong_use(tmp_path: Path, day: str):
    done = sangkat("demo", "tiny", "--today", day, data=tmp_path)
    assert (done.returncode, "is no day from 2000 to 2099" in done.stderr) == (2, True)
