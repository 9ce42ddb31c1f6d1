"""However much one account writes about one thing, what others read of it stays small."""

from uuid import UUID

from api.ledger.effects import BODY_BYTES_MAX, LATER_BYTES_MAX, LATER_MAX, REVIEWS_MAX
from api.views.records import HISTORY_BYTES_MAX, LISTED_HISTORY_BYTES_MAX, PAGE_BYTES_MAX
from tests import makers
from tests.makers import Fields
from tests.world import Device, World, expect

LONG = 50_000
A_VIEW = 4_000


def swell(n: int) -> Fields:
    """Return as much as premises can say; letters of three bytes, another one for each number."""
    text = chr(ord("ក") + n % 10) * 200
    licence = makers.make_licence(kind=text, number=text, authority=text)
    return {"aliases": [text] * 20, "licences": [licence] * 20}


async def correct(owner: Device, entity: UUID, *changes: Fields) -> list[Fields]:
    """Correct premises one after the other; return what became of each."""
    base, items = entity, []
    for change in changes:
        item = owner.compose("premises", change, revises=(entity, base), after=[base])
        base = next(reversed(owner.sent))
        items.append(item)
    parts = [items[at : at + 15] for at in range(0, len(items), 15)]
    return [result for part in parts for result in await owner.push(*part)]


def codes(results: list[Fields]) -> list[str]:
    return [one.get("problem", {}).get("code", one["custody"]) for one in results]


async def pull(device: Device, cursor: str | None = None, **asked: object) -> Fields:
    return expect(await device.post("/v1/sync/pull", {"cursor": cursor, **asked}))


async def snapshot(device: Device) -> str:
    """Return the cursor after everything there is."""
    page = await pull(device)
    while page["more"]:
        page = await pull(device, page["cursor"])
    return page["cursor"]


async def test_corrections_do_not_pile_up_in_the_body(world: World):
    premises_id = await world.owner.send_premises()
    added = [{f"x{n}": "A" * LONG} for n in range(3)]
    results = await correct(world.owner, premises_id, *added)
    assert codes(results) == ["stored", "entry.too-large", "held"]
    read = await world.owner.get(f"/v1/premises/{premises_id}")
    assert len(read.content) < 3 * BODY_BYTES_MAX


async def test_a_thing_is_corrected_so_often_and_can_still_be_withdrawn(world: World):
    premises_id = await world.owner.send_premises()
    changes: list[Fields] = [{"village": f"Phum {n}"} for n in range(LATER_MAX + 1)]
    results = await correct(world.owner, premises_id, *changes)
    assert codes(results) == ["stored"] * LATER_MAX + ["entry.full"]
    view = await world.owner.read(f"/v1/premises/{premises_id}")
    ending = {"revises": (premises_id, UUID(view["revision"]))}
    await world.owner.send("withdrawal", {"reason": "entered_by_mistake"}, **ending)


async def test_an_entry_that_is_full_can_still_be_withdrawn(world: World):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    ending = {"revises": (stay_id, stay_id), "after": [stay_id]}
    left = {"left_on": "2026-03-01", "reason": "left_country"}
    items = [world.owner.compose("departure", left, **ending) for _ in range(2 * LATER_MAX + 1)]
    parts = [items[at : at + 100] for at in range(0, len(items), 100)]
    results = [result for part in parts for result in await world.owner.push(*part)]
    assert codes(results)[-2:] == ["stored", "entry.full"]
    await world.owner.send("withdrawal", {"reason": "entered_by_mistake"}, **ending)


async def test_a_thing_is_judged_so_often_and_can_still_be_returned(world: World):
    premises_id = await world.owner.send_premises()
    accepted: Fields = {"verdict": "accept", "reasons": []}
    of = {"revises": (premises_id, premises_id), "after": [premises_id]}
    items = [world.officer.compose("review", accepted, **of) for _ in range(REVIEWS_MAX + 1)]
    parts = [items[at : at + 100] for at in range(0, len(items), 100)]
    results = [result for part in parts for result in await world.officer.push(*part)]
    assert codes(results) == ["stored"] * REVIEWS_MAX + ["entry.full"]
    await world.officer.review(premises_id, "return", "photo_unclear")
    again = world.officer.compose("review", {"verdict": "return", "reasons": ["wrong_unit"]}, **of)
    assert codes(await world.officer.push(again)) == ["entry.full"]
    (corrected,) = await correct(world.owner, premises_id, {"village": "Phum 2"})
    await world.officer.review(premises_id, "accept", revision=UUID(corrected["id"]))
    ending = {"revises": (premises_id, UUID(corrected["id"]))}
    await world.owner.send("withdrawal", {"reason": "entered_by_mistake"}, **ending)


async def test_a_thing_is_corrected_with_so_much(world: World):
    premises_id = await world.owner.send_premises()
    fitting = LATER_BYTES_MAX // LONG
    changes: list[Fields] = [swell(n) for n in range(fitting + 3)]
    results = await correct(world.owner, premises_id, *changes)
    assert codes(results)[:fitting] == ["stored"] * fitting
    assert codes(results)[-1] in {"entry.full", "held"}
    read = await world.owner.get(f"/v1/premises/{premises_id}")
    assert len(read.content) < HISTORY_BYTES_MAX + 3 * BODY_BYTES_MAX
    history = read.json()["history"]
    assert history[0]["body"]["kind"] == "rental_house"
    assert "body" not in history[-1]


async def test_lists_and_pulls_carry_little_of_a_long_history(world: World):
    cursor = await snapshot(world.officer)
    premises_id = await world.owner.send_premises()
    await correct(world.owner, premises_id, *map(swell, range(10)))
    bound = LISTED_HISTORY_BYTES_MAX + LONG + A_VIEW
    for path in ("/v1/premises", "/v1/review/unverified", f"/v1/communes/{makers.SANGKAT_4}/inbox"):
        assert len((await world.officer.get(path)).content) < bound, path
    page = await pull(world.officer, cursor, limit=500)
    shown = [change for change in page["changes"] if "view" in change]
    assert len(page["changes"]) == 11
    assert [change["pos"] for change in shown] == [page["changes"][-1]["pos"]]
    assert len(str(page).encode()) < bound + 11 * A_VIEW


async def test_a_page_ends_early_and_loses_nothing(world: World):
    await world.verify(world.owner)
    cursor = await snapshot(world.officer)
    ids = {str(await world.owner.send_premises(**swell(0))) for _ in range(50)}
    found: list[str] = []
    path = {"limit": 100}
    while True:
        answer = await world.officer.get("/v1/premises", **path)
        assert len(answer.content) < PAGE_BYTES_MAX + BODY_BYTES_MAX
        page = expect(answer)
        found += [view["id"] for view in page["items"]]
        if page.get("next") is None:
            break
        path["cursor"] = page["next"]
    assert len(found) == len(set(found))
    assert set(found) == ids
    for begin in (cursor, None):
        pulled: list[str] = []
        page = {"cursor": begin, "more": True}
        while page["more"]:
            page = await pull(world.officer, page["cursor"], limit=500)
            assert len(str(page).encode()) < PAGE_BYTES_MAX + BODY_BYTES_MAX
            pulled += [change["entity"] for change in page["changes"]]
            pulled += [view["id"] for view in page.get("snapshot") or []]
        assert len(pulled) == len(set(pulled))
        assert ids <= set(pulled)


async def test_of_many_branches_a_few_are_shown(world: World):
    premises_id = await world.owner.send_premises(**swell(0))
    revises = {"revises": (premises_id, premises_id)}
    for n in range(20):
        await world.owner.send("premises", {"village": str(n)}, **revises)
    read = await world.owner.get(f"/v1/premises/{premises_id}")
    assert len(read.json()["branches"]) == 8
    listed = await world.owner.get("/v1/premises")
    assert len(listed.content) < 10 * BODY_BYTES_MAX
