"""Hostile values in every field of every plain write: refused with a reason, or kept."""

import json
from typing import Any

import pytest

from sync.document import uuid7
from tests.gateway.asking import declare_premises, declare_stay
from tests.hostile.checking import check_answer, check_problem
from tests.hostile.samples import SCHEMAS, fill, spoil
from tests.makers import SANGKAT_4, Fields
from tests.world import World, expect


async def make_known(world: World) -> Fields:
    """Return good ids for the fields that name something."""
    premises_id = await declare_premises(world)
    orders: Any = await world.client.read("/v1/orders")
    return {
        "place": SANGKAT_4,
        "premises_id": str(premises_id),
        "previous_premises_id": str(premises_id),
        "order_id": orders[0]["id"],
        "stay_id": str(await declare_stay(world, premises_id)),
    }


def make_body(component: str, known: Fields) -> Fields:
    """Return a full body of a component, with ids that are known."""
    body = fill(SCHEMAS[component])
    return {name: known.get(name, value) for name, value in body.items()}


async def send(world: World, method: str, path: str, text: str, tag: str = "") -> Any:
    headers = {
        **world.client.headers,
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid7()),
        **({"If-Match": tag} if tag else {}),
    }
    content = text.encode("utf-8", "surrogatepass")
    return await world.http.request(method, path, content=content, headers=headers)


# No JSON that two parsers read alike, or too long to stand in one request a hundred times.
UNREADABLE = {
    "lone surrogate", "beyond 2^53", "forty digits", "not finite", "no number",
    "the same key twice", "very deep", "long",
}  # fmt: skip
# What means something else in a merge patch than in a whole body, and a few of the rest.
OF_CORRECTIONS = {
    "null", "empty", "empty list", "empty object", "an object", "a list", "deep", "NUL", "SQL",
    "minus one", "day of no calendar",
}  # fmt: skip
WRITES = (
    ("POST", "/v1/premises", "PremisesContent"),
    ("POST", "/v1/stays", "StayContent"),
    ("POST", "/v1/declarations", "DeclarationContent"),
    ("POST", "/v1/stays/{stay_id}/departure", "DepartureContent"),
    ("POST", "/v1/stays/{stay_id}/withdrawal", "WithdrawalContent"),
)


@pytest.mark.parametrize(("method", "path", "component"), WRITES, ids=str)
async def test_a_plain_write(world: World, method: str, path: str, component: str):
    known = await make_known(world)
    body = make_body(component, known)
    path = path.format(**known)
    good = await send(world, method, path, json.dumps(body))
    assert good.status_code == 201, good.text
    kept = 0
    for said, text in spoil(body):
        answer = await send(world, method, path, text)
        check_answer(answer, said)
        kept += answer.is_success
    # In a body of one code there is nothing that could be harmless.
    assert kept or component == "WithdrawalContent", (
        "nothing hostile was harmless: the body was never read as far as that"
    )
    await check_reads(world)


async def test_a_correction(world: World):
    known = await make_known(world)
    texts = spoil(make_body("StayPatch", known))
    chosen = [text for said, text in texts if said.split(" at ")[0] in OF_CORRECTIONS]
    # A new stay now and then: what is looked for is not how long a chain of corrections may be.
    kept = [
        await correct_stay(world, known["premises_id"], chosen[start : start + 40])
        for start in range(0, len(chosen), 40)
    ]
    assert sum(kept)
    await check_reads(world)


async def correct_stay(world: World, premises_id: str, texts: list[str]) -> int:
    """Correct a new stay by each text in turn; return how many held."""
    stay_id = await declare_stay(world, premises_id)
    revision, kept = str(stay_id), 0
    for text in texts:
        answer = await send(world, "PATCH", f"/v1/stays/{stay_id}", text, f'"{revision}"')
        check_answer(answer, text[:200])
        if answer.is_success:
            kept, revision = kept + 1, answer.json()["view"]["revision"]
    return kept


async def test_a_batch(world: World):
    row = {"idempotency_key": "", **make_body("StayContent", await make_known(world))}
    texts = [text for said, text in spoil(row) if said.split(" at ")[0] not in UNREADABLE]
    rows = [set_key(text) for text in texts]
    for start in range(0, len(rows), 100):
        content = f'{{"rows": [{", ".join(rows[start : start + 100])}]}}'
        answer = await send(world, "POST", "/v1/stays/batch", content)
        check_rows(expect(answer)["results"])
    await check_reads(world)


def check_rows(results: list[Any]) -> None:
    assert all(result["status"] < 500 for result in results)
    for result in results:
        if "problem" in result:
            check_problem(result["problem"], result)


def set_key(text: str) -> str:
    """Give a row a key of its own, unless its key is what is hostile."""
    return text.replace('"idempotency_key": ""', f'"idempotency_key": "{uuid7()}"')


async def check_reads(world: World) -> None:
    """Everything that was kept can be read again by everybody."""
    for reader in (world.client, world.officer):
        for path in ("/v1/premises", "/v1/stays", "/v1/declarations"):
            expect(await reader.get(path, limit=200))
        expect(await reader.post("/v1/sync/pull", {"limit": 500}))
    expect(await world.client.get("/v1/feed", limit=500))
    expect(await world.http.get("/readyz"))
