"""A demonstration is a register like any other: signed by many, received over days, provable."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.commands.verify import verify
from api.copies import open_copies
from api.demonstration.handing_out import HandOut
from api.demonstration.loading import Recipe, load
from api.settings import Settings
from api.synthetic.population import build
from tests.world import DAY_MS, START_MS

RECIPE = Recipe("tiny", 7, date(2026, 3, 1))
NOW_MS = START_MS - DAY_MS


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, HandOut]:
    folder = tmp_path_factory.mktemp("demo")
    counts: list[int] = []
    settings = Settings(data_dir=folder)
    given = asyncio.run(load(settings, RECIPE, lambda: START_MS, counts.append))
    assert counts == sorted(counts)
    return folder, given


async def ask(loaded: tuple[Path, HandOut], sql: str) -> list[Any]:
    async with open_copies(Settings(data_dir=loaded[0])) as (held, *_):
        return await held.all(sql)


async def test_everybody_who_was_invented_is_registered(loaded: tuple[Path, HandOut]):
    population = build("tiny", 7, date(2026, 3, 1))
    rows = await ask(loaded, "SELECT entity FROM entities WHERE kind IN ('premises', 'stay')")
    wanted = {each.id.bytes for each in (*population.premises, *population.stays)}
    assert wanted <= {entity for (entity,) in rows}
    assert len(rows) == len(wanted) + 1  # one person was entered twice


async def test_a_seed_and_a_day_give_the_same_entries(loaded: tuple[Path, HandOut], tmp_path: Path):
    """Keys are drawn anew: nobody may know beforehand what signs in a register."""
    later = await load(Settings(data_dir=tmp_path), RECIPE, lambda: START_MS + 3_600_000, print)
    sql = (
        "SELECT kind, entity FROM entities WHERE kind NOT IN ('account', 'grant', 'verification')"
        " ORDER BY kind, entity"
    )
    assert await ask((tmp_path, later), sql) == await ask(loaded, sql)
    keys = 'SELECT DISTINCT "by" FROM entries'
    assert not {*await ask((tmp_path, later), keys)} & {*await ask(loaded, keys)}


async def test_everybody_signs_with_a_key_of_his_own(loaded: tuple[Path, HandOut]):
    rows = await ask(loaded, "SELECT DISTINCT \"by\" FROM entries WHERE kind = 'stay'")
    owners = await ask(loaded, "SELECT DISTINCT author FROM entities WHERE kind = 'stay'")
    assert len(rows) == len(owners) > 1


async def test_what_was_declared_arrived_over_days_and_never_later_than_now(
    loaded: tuple[Path, HandOut],
):
    rows = await ask(loaded, "SELECT received_ms FROM entries WHERE kind = 'premises'")
    times = sorted(received_ms for (received_ms,) in rows)
    assert times[-1] <= NOW_MS
    assert times[-1] - times[0] > DAY_MS


async def test_one_owner_is_not_verified_and_one_premises_is_overdue(
    loaded: tuple[Path, HandOut],
):
    states = await ask(loaded, "SELECT state FROM accounts WHERE premises_count > 0")
    assert {state for (state,) in states} == {"active", "unverified"}
    silent = await ask(
        loaded,
        "SELECT premises_id FROM premises WHERE premises_id NOT IN"
        " (SELECT premises_id FROM declarations)",
    )
    assert len(silent) == 1
    counts = await ask(loaded, "SELECT count FROM declarations")
    assert (0,) in counts


async def test_the_clock_stays_on_the_day_that_was_asked_for(loaded: tuple[Path, HandOut]):
    (row,) = await ask(loaded, "SELECT value FROM settings WHERE name = 'demo'")
    assert b'"today":"2026-03-01"' in row[0]
    assert f'"offset_ms":{-DAY_MS}'.encode() in row[0]


async def test_it_can_be_proved_like_any_register(
    loaded: tuple[Path, HandOut], capsys: pytest.CaptureFixture[str]
):
    wrong, pos = await verify(Settings(data_dir=loaded[0]))
    assert (wrong, capsys.readouterr().out) == (0, "")
    assert pos > 200


def test_the_first_commune_is_the_one_with_something_to_see(loaded: tuple[Path, HandOut]):
    _, given = loaded
    assert [len(commune.premises) for commune in given.communes[:2]] == [6, 0]
    assert len(given.communes) == 29
    roles = [token.role for token in given.tokens]
    assert (roles.count("officer"), roles.count("client"), roles.count("owner")) == (29, 30, 1)
