"""A commune is an address: it says where to send, takes only its own, and shows what waits."""

from tests.makers import LOG, SANGKAT_1, SANGKAT_4, make_premises
from tests.world import BASE_URL, World


async def test_a_place_that_is_no_commune_is_not_found(world: World):
    for place_id in ("psh-c-nowhere", LOG, "psh-d-prey-nob"):
        assert (await world.http.get(f"/v1/communes/{place_id}")).status_code == 404
        assert (await world.officer.get(f"/v1/communes/{place_id}/inbox")).status_code == 404
        push = await world.owner.post(f"/v1/communes/{place_id}/push", {"items": []})
        assert push.status_code == 404


async def test_a_document_for_another_commune_is_told_the_right_one(world: World):
    here = world.owner.compose("premises", make_premises())
    there = world.owner.compose("premises", make_premises(), place=SANGKAT_1)
    right, wrong = await world.owner.push(here, there, path=f"/v1/communes/{SANGKAT_4}/push")
    assert right["custody"] == "stored"
    assert (wrong["custody"], wrong["problem"]["code"]) == ("rejected", "wrong-commune")
    assert wrong["problem"]["details"] == {"place": SANGKAT_1}
    (elsewhere,) = await world.owner.push(there, path=f"/v1/communes/{SANGKAT_1}/push")
    assert elsewhere["custody"] == "stored"


async def test_an_inbox_is_not_there_for_officers_of_other_communes(world: World):
    other = await world.new_officer(SANGKAT_1)
    assert (await other.get(f"/v1/communes/{SANGKAT_4}/inbox")).status_code == 404
    assert (await world.owner.get(f"/v1/communes/{SANGKAT_4}/inbox")).status_code == 403


async def test_the_inbox_holds_what_waits_oldest_first(world: World):
    premises_id = await world.owner.send_premises()
    first = await world.owner.send_stay(premises_id)
    second = await world.owner.send_stay(premises_id, unit="14", arrived_on="2026-02-25")
    await world.officer.review(first, "accept")
    path = f"/v1/communes/{SANGKAT_4}/inbox"
    for reader in (world.officer, world.client):
        page = await reader.read(path)
        assert [view["id"] for view in page["items"]] == [str(premises_id), str(second)]
    start = await world.officer.read(path, limit=1)
    rest = await world.officer.read(path, limit=1, cursor=start["next"])
    assert [view["id"] for view in (*start["items"], *rest["items"])] == [
        str(premises_id), str(second),
    ]  # fmt: skip
    end = await world.officer.read(path, limit=1, cursor=rest["next"])
    assert end == {"items": [], "next": None}


async def test_a_commune_says_where_to_send_and_what_is_due(world: World):
    commune = (await world.http.get(f"/v1/communes/{SANGKAT_4}")).json()
    assert commune["push_url"] == f"{BASE_URL}/v1/communes/{SANGKAT_4}/push"
    assert commune["district"] == "psh-d-preah-sihanouk"
    assert [order["is_open"] for order in commune["orders"]] == [True]
    assert commune["post"] == {"name": None}
    assert commune["names"] == {"km": "លេខ៤", "en": "Sangkat Lekh Buon (4)", "zh": None}


async def test_every_commune_of_the_province_is_listed(world: World):
    communes = (await world.http.get("/v1/communes")).json()
    assert [one["place_id"] for one in communes] == [
        place.place_id for place in world.register.places.communes
    ]


async def test_a_commune_with_a_system_of_its_own_changes_only_data(world: World):
    async with world.register.engine.writing() as tx:
        await tx.run(
            "INSERT INTO posts (log, place, name, push_url)"
            " VALUES (:log, :place, 'TEST DATA post', 'https://post.example/push')",
            log=LOG,
            place=SANGKAT_1,
        )
    commune = (await world.http.get(f"/v1/communes/{SANGKAT_1}")).json()
    assert commune["push_url"] == "https://post.example/push"
    assert commune["post"] == {"name": "TEST DATA post"}


async def test_a_silent_post_is_seen(world: World):
    async def fetched() -> str | None:
        return (await world.http.get(f"/v1/communes/{SANGKAT_4}")).json()["last_fetched_at"]

    await world.owner.post("/v1/sync/pull", {})
    assert await fetched() is None
    await world.officer.post("/v1/sync/pull", {})
    assert await fetched() == "2026-03-02T03:00:00.000Z"
    world.clock.move(minutes=0.5)
    await world.officer.read(f"/v1/communes/{SANGKAT_4}/inbox")
    assert await fetched() == "2026-03-02T03:00:00.000Z"
    world.clock.move(minutes=2)
    await world.officer.read(f"/v1/communes/{SANGKAT_4}/inbox")
    assert await fetched() == "2026-03-02T03:02:30.000Z"
