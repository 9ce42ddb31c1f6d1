"""Every log begins with the register's account, the orders and the pledge texts, once."""

from pathlib import Path

from tests.world import open_world


async def test_a_register_that_starts_again_founds_nothing_twice(tmp_path: Path):
    async with open_world(tmp_path) as world:
        first = (await world.http.get("/app/register.json")).json()
        before = (await world.http.get("/v1/sync/info")).json()["logs"]
    assert len(first["orders"]) == len(first["pledge_texts"]) == 2
    async with open_world(tmp_path) as world:
        again = (await world.http.get("/app/register.json")).json()
        assert [order["id"] for order in again["orders"]] == [o["id"] for o in first["orders"]]
        assert again["pledge_texts"] == first["pledge_texts"]
    assert len(before) == 1


async def test_orders_stand_in_the_log_under_the_ids_that_ship(tmp_path: Path):
    async with open_world(tmp_path) as world:
        answer = await world.owner.read("/v1/orders")
        assert answer[0]["id"] == "01831f8b-d000-7000-8000-000000002022"
