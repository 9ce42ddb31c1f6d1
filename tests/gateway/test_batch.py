"""Many stays in one request: one result a row, and one bad row never refuses the others."""

from typing import Any
from uuid import UUID

from sync.document import uuid7
from tests import makers
from tests.gateway.asking import ask, declare_premises, list_entries, make_stay
from tests.makers import Fields
from tests.world import World, expect

PATH = "/v1/stays/batch"


def make_row(premises_id: UUID, number: int, **changes: Any) -> Fields:
    document = makers.make_document(f"TESTDATA{number}")
    stay = make_stay(premises_id, unit=str(number), document=document, **changes)
    return {"idempotency_key": str(uuid7()), **stay}


async def send(world: World, rows: list[Any], path: str = PATH) -> list[Fields]:
    return expect(await ask(world, f"POST {path}", {"rows": rows}))["results"]


async def test_a_batch_writes_every_good_row_and_says_what_is_wrong_with_the_others(world: World):
    premises_id = await declare_premises(world)
    rows: list[Any] = [make_row(premises_id, number) for number in range(5)]
    rows[1]["sex"] = "Q"
    rows[2]["idempotency_key"] = "2"
    rows[3] = "no object"
    results = await send(world, rows)
    assert [result["status"] for result in results] == [201, 422, 400, 422, 201]
    assert [result.get("problem", {}).get("errors") for result in results[1:4]] == [
        [{"pointer": "/rows/1/sex", "code": "field.value"}],
        [{"pointer": "/rows/2/idempotency_key", "code": "field.value"}],
        [{"pointer": "/rows/3", "code": "field.type"}],
    ]
    last = results[4]
    assert last["idempotency_key"] == rows[4]["idempotency_key"]
    assert last["location"] == f"/v1/stays/{last['answer']['id']}"
    assert last["etag"] == f'"{last["answer"]["view"]["revision"]}"'
    assert last["answer"]["receipt"]


async def test_a_problem_in_a_row_carries_the_id_of_the_request(world: World):
    premises_id = await declare_premises(world)
    rows = [make_row(premises_id, 1, sex="Q"), "no object", make_row(uuid7(), 2)]
    answers = [await ask(world, f"POST {PATH}", {"rows": rows}) for _ in range(2)]
    ids = [
        {row["problem"]["request_id"] for row in expect(answer)["results"]} for answer in answers
    ]
    assert ids == [{answer.headers["X-Request-Id"]} for answer in answers]
    assert ids[0] != ids[1]


async def test_a_batch_sent_twice_is_written_once(world: World):
    rows = [make_row(await declare_premises(world), number) for number in range(10)]
    first = await send(world, rows)
    count = len(await list_entries(world))
    again = await send(world, rows)
    assert [{**result, "is_replayed": True} for result in first] == again
    assert len(await list_entries(world)) == count


async def test_a_row_that_stands_twice_in_a_batch_is_written_once(world: World):
    row = make_row(await declare_premises(world), 1)
    results = await send(world, [row, row, {**row, "unit": "other"}])
    assert [result["status"] for result in results] == [201, 201, 409]
    assert results[1] == {**results[0], "is_replayed": True}


async def test_a_hundred_rows_are_written_and_a_hundred_and_one_are_too_many(world: World):
    premises_id = await declare_premises(world)
    rows = [make_row(premises_id, number) for number in range(101)]
    refused = await ask(world, f"POST {PATH}", {"rows": rows})
    assert (refused.status_code, refused.json()["code"]) == (413, "request.too-large")
    assert {result["status"] for result in await send(world, rows[:100])} == {201}


async def test_an_empty_batch_has_no_results(world: World):
    assert await send(world, []) == []


async def test_a_dry_run_of_a_batch_leaves_no_trace(world: World):
    premises_id = await declare_premises(world)
    before = await list_entries(world)
    rows = [make_row(premises_id, 1), make_row(premises_id, 2, sex="Q")]
    results = await send(world, rows, f"{PATH}?dry_run=1")
    assert [result["status"] for result in results] == [200, 422]
    assert results[0]["answer"]["dry_run"] is True
    assert await list_entries(world) == before
