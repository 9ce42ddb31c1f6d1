"""The set-up page: closed without the code of the terminal, complete, and gone afterwards."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from api.accounts.store import list_accounts
from api.orders.store import load_shipped
from api.setup.door import TRIES_MAX
from api.setup.rules import make_code, opens
from tests import makers
from tests.makers import LOG, SANGKAT_1, SANGKAT_4
from tests.world import World, expect, open_world

CODE = "ABCD-EFGH-JKMN"
FORM = {
    "language": "en",
    "code": CODE,
    "operator": "TEST DATA administration",
    "contact": "TEST DATA contact",
    "legal_basis": "TEST DATA <basis>",
    "order_id": str(load_shipped()[-1].id),
    "place": SANGKAT_4,
}


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[World]:
    """A register on its first day."""
    async with open_world(tmp_path, is_demo=False, setup_code=CODE) as opened:
        yield opened


async def send(world: World, **changes: str) -> httpx.Response:
    return await world.http.post("/setup", data={**FORM, **changes})


async def read_shell(world: World) -> dict[str, Any]:
    return expect(await world.http.get("/app/register.json"))


async def test_there_is_no_page_where_somebody_answers_already(world: World):
    assert (await world.http.get("/setup")).status_code == 404
    assert (await send(world)).status_code == 404


@pytest.mark.parametrize("code", ["", "ABCD", "ABCD-EFGH-JKMM", "ក"])
async def test_without_the_code_nothing_is_recorded(fresh: World, code: str):
    answer = await send(fresh, code=code)
    assert answer.status_code == 422
    assert "Code from the server" in answer.text
    assert not fresh.register.committer.gate.is_open


async def test_guessing_closes_the_door_for_the_right_code_too(fresh: World):
    codes = {(await send(fresh, code="X")).status_code for _ in range(TRIES_MAX)}
    assert codes == {422}
    assert (await send(fresh)).status_code == 404
    assert (await fresh.http.get("/setup")).status_code == 404
    assert not fresh.register.committer.gate.is_open


async def test_a_few_mistakes_leave_it_open(fresh: World):
    for _ in range(TRIES_MAX - 1):
        await send(fresh, code="X")
    assert (await send(fresh)).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("operator", " "),
        ("contact", ""),
        ("legal_basis", ""),
        ("place", LOG),
        ("place", "psh-c-nowhere"),
        ("order_id", "1"),
        ("approved_on", "2026-02-30"),
        ("approved_by", "TEST DATA governor"),
    ],
)
async def test_what_is_missing_or_wrong_is_asked_again(fresh: World, field: str, value: str):
    answer = await send(fresh, **{field: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "TEST DATA &lt;basis&gt;" in answer.text or field == "legal_basis"
    assert not fresh.register.committer.gate.is_open


@pytest.mark.parametrize("language", ["km", "zh", "en"])
async def test_the_page_speaks_three_languages_and_runs_no_script(fresh: World, language: str):
    answer = await fresh.http.get(f"/setup?language={language}")
    assert f'<html lang="{language}">' in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    done = await send(fresh, language=language)
    assert f'<html lang="{language}">' in done.text


async def test_after_the_set_up_the_register_collects_and_the_page_is_gone(fresh: World):
    refused = await fresh.owner.post("/v1/sync/push", push_body(fresh))
    assert refused.status_code == 503
    assert (await send(fresh)).status_code == 200
    assert (await fresh.http.get("/setup")).status_code == 404
    await fresh.owner.send_premises()


async def test_two_at_once_set_it_up_once_and_who_presses_twice_sees_his_page_again(fresh: World):
    asked = [{}, {}, {"place": SANGKAT_1}, {"place": SANGKAT_1}]
    answers = await asyncio.gather(*(send(fresh, **changes) for changes in asked))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 404, 404]
    taken = {answer.text for answer in answers if answer.status_code == 200}
    assert len(taken) == 1


def push_body(world: World) -> dict[str, Any]:
    item = world.owner.compose("premises", makers.make_premises())
    return {"items": [msgspec.to_builtins(item)]}


async def test_it_still_collects_after_a_restart(tmp_path: Path):
    async with open_world(tmp_path, is_demo=False, setup_code=CODE) as first:
        assert (await send(first)).status_code == 200
    async with open_world(tmp_path, is_demo=False, setup_code=CODE) as again:
        assert (await again.http.get("/setup")).status_code == 404
        await again.owner.send_premises()


async def test_the_code_on_the_page_makes_the_first_head_of_post(fresh: World):
    page = (await send(fresh)).text
    (code,) = re.findall(r"<code>([-0-9A-Z]{19})</code>", page)
    officer = await fresh.new_owner(invitation=code)
    async with fresh.register.engine.reading() as tx:
        (account,) = await list_accounts(tx, LOG, [officer.account_id])
    assert (account.role, account.places) == ("officer", (SANGKAT_4,))


async def test_the_pledge_is_signed_only_when_its_approval_is_recorded(fresh: World):
    page = await send(fresh, approved_by="TEST DATA governor", approved_on="2026-02-28")
    assert "still a draft" not in page.text
    texts = {text["id"]: text["status"] for text in (await read_shell(fresh))["pledge_texts"]}
    assert texts == {"psh-2022-short": "approved", "psh-2022-long": "draft"}


async def test_the_orders_that_were_not_chosen_end_today(fresh: World):
    body = {
        "title": {"km": "ក", "en": "TEST DATA", "zh": "测"},
        "legal_basis": {"km": "ក", "en": "TEST DATA", "zh": "测"},
        "issued_on": "2026-01-01",
        "places": [LOG],
    }
    await fresh.submit(fresh.register.composer.compose("order", body))
    assert (await send(fresh)).status_code == 200
    ends = {order["title"]["en"]: order["ends_on"] for order in (await read_shell(fresh))["orders"]}
    assert ends["TEST DATA"] == "2026-03-02"
    assert ends["Standing duty: report every foreigner within 24 hours"] == "open"


def test_a_code_is_forgiving_about_form_and_never_empty():
    code = make_code()
    assert opens(code, code.lower().replace("-", " "))
    assert not opens(code, "")
    assert not opens("", "")
