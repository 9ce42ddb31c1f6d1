"""A program writes with curl, and everything goes the way that signed documents go."""

from typing import Any

import pytest

from sync.document import uuid7
from tests import makers
from tests.gateway.asking import (
    ask,
    declare_premises,
    declare_stay,
    list_entries,
    make_premises,
    make_stay,
)
from tests.makers import DISTRICT, LOG, SANGKAT_1, SANGKAT_4
from tests.world import World

DEPARTURE = {"left_on": "2026-03-01", "reason": "left_country"}


def errors_of(answer: Any) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def test_premises_are_written_with_location_revision_and_receipt(world: World):
    key = uuid7()
    answer = await ask(world, "POST /v1/premises", make_premises(), key=key)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/premises/{key}"
    assert answer.headers["ETag"] == f'"{key}"'
    assert "Idempotency-Replayed" not in answer.headers
    view = answer.json()["view"]
    assert (view["id"], view["place"], view["grade"]) == (str(key), SANGKAT_4, "register")
    assert view["author"] == str(world.client.account_id)
    assert view["body"]["attested_by"] == "register"
    assert view["body"]["contact"]["owner"]["name"] == "TEST DATA Owner"
    receipt = await world.client.read(f"/v1/receipts/{key}")
    assert answer.json()["receipt"] == receipt["receipt"]


@pytest.mark.parametrize("place", [DISTRICT, LOG])
async def test_premises_stand_in_a_commune_and_in_nothing_larger(world: World, place: str):
    program = await world.new_client(LOG)
    answer = await ask(world, "POST /v1/premises", make_premises(place=place), by=program)
    assert (answer.status_code, errors_of(answer)) == (422, [("/place", "field.value")])


async def test_what_an_officer_writes_is_of_grade_paper(world: World):
    answer = await ask(world, "POST /v1/premises", make_premises(), by=world.officer)
    assert answer.json()["view"]["grade"] == "paper"


async def test_the_place_of_a_stay_is_that_of_its_premises(world: World):
    premises_id = await declare_premises(world)
    answer = await ask(world, "POST /v1/stays", make_stay(premises_id))
    view = answer.json()["view"]
    assert (view["place"], view["premises_id"]) == (SANGKAT_4, str(premises_id))
    assert view["body"]["identity"]["primary"] == "ERIKSSON"
    assert view["body"]["document"]["number"] == "•••••2C3"


async def test_texts_are_signed_in_normal_form(world: World):
    premises_id = await declare_premises(world)
    identity = makers.make_identity(primary="NGUYE\u0302\u0303N")
    answer = await ask(world, "POST /v1/stays", make_stay(premises_id, identity=identity))
    assert answer.json()["view"]["body"]["identity"]["primary"] == "NGUY\u1ec4N"


async def test_dates_may_be_written_in_khmer_digits(world: World):
    stay = make_stay(
        await declare_premises(world),
        arrived_on="២០២៦-០២-២៨",
        unit="១២",
        identity=makers.make_identity(born_on="១៩៩០-០៥"),
    )
    view = (await ask(world, "POST /v1/stays", stay)).json()["view"]
    said = view["body"]["arrived_on"], view["body"]["identity"]["born_on"], view["body"]["unit"]
    assert said == ("2026-02-28", "1990-05", "១២")
    other = make_stay(view["premises_id"], note_on="e\u0301")
    assert (await ask(world, "POST /v1/stays", other)).status_code == 201
    left = DEPARTURE | {"left_on": "២០២៦-០៣-០១"}
    answer = await ask(world, f"POST /v1/stays/{view['id']}/departure", left)
    assert answer.json()["view"]["left_on"] == "2026-03-01"
    never = DEPARTURE | {"left_on": "២០២៦-០២-៣០"}
    answer = await ask(world, f"POST /v1/stays/{view['id']}/departure", never)
    assert errors_of(answer) == [("/left_on", "field.date")]


async def test_a_stay_waits_for_its_premises_and_then_stands(world: World):
    premises_id, key = uuid7(), uuid7()
    stay = make_stay(premises_id, place=SANGKAT_4)
    waiting = await ask(world, "POST /v1/stays", stay, key=key)
    assert waiting.status_code == 202
    assert waiting.json()["missing"] == [str(premises_id)]
    again = await ask(world, "POST /v1/stays", stay, key=key)
    assert (again.status_code, again.json()) == (202, waiting.json())
    other = await ask(world, "POST /v1/stays", {**stay, "unit": "13"}, key=key)
    assert other.status_code == 409
    await ask(world, "POST /v1/premises", make_premises(), key=premises_id)
    standing = await ask(world, "POST /v1/stays", stay, key=key)
    assert standing.status_code == 201
    assert standing.json()["view"]["effect"] == "pending"


async def test_a_stay_without_a_place_or_known_premises_is_refused(world: World):
    answer = await ask(world, "POST /v1/stays", make_stay(uuid7()))
    assert (answer.status_code, errors_of(answer)) == (404, [("/premises_id", "field.value")])


async def test_only_programs_with_the_scope_and_officers_write(world: World):
    reader = await world.new_client(SANGKAT_4, scopes=("registrations:read",))
    for device in (reader, world.owner):
        answer = await ask(world, "POST /v1/premises", make_premises(), by=device)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("key", ["", "1", "not-a-uuid", "0" * 32, f"{0:035x}", f"{0:032x}"])
async def test_a_write_needs_a_uuid_as_its_key(world: World, key: str):
    answer = await ask(world, "POST /v1/premises", make_premises(), Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.required")


async def test_the_key_may_stand_in_quotes(world: World):
    key = uuid7()
    answer = await ask(world, "POST /v1/premises", make_premises(), key=f'"{key}"')
    assert answer.json()["id"] == str(key)


async def test_a_request_sent_twice_is_answered_alike(world: World):
    key = uuid7()
    first = await ask(world, "POST /v1/premises", make_premises(), key=key)
    world.clock.move(days=3)
    await world.client.sign_in()
    again = await ask(world, "POST /v1/premises", make_premises(), key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("change", [{"village": "Phum 2"}, {"contact": None}, {"landmark": "x"}])
async def test_a_key_holds_for_one_content(world: World, change: dict[str, Any]):
    key = uuid7()
    await ask(world, "POST /v1/premises", make_premises(), key=key)
    answer = await ask(world, "POST /v1/premises", make_premises(**change), key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.reused")


async def test_a_key_holds_for_one_program(world: World):
    key, other = uuid7(), await world.new_client(SANGKAT_4)
    await ask(world, "POST /v1/premises", make_premises(), key=key)
    answer = await ask(world, "POST /v1/premises", make_premises(), key=key, by=other)
    assert answer.status_code == 409


async def test_a_key_that_a_phone_used_is_taken(world: World):
    premises_id = await world.owner.send_premises()
    answer = await ask(world, "POST /v1/premises", make_premises(), key=premises_id)
    assert answer.status_code == 409


async def test_a_refused_request_may_be_mended_under_its_key(world: World):
    key = uuid7()
    refused = await ask(world, "POST /v1/premises", make_premises(kind="castle"), key=key)
    assert (refused.status_code, errors_of(refused)) == (422, [("/kind", "field.value")])
    mended = await ask(world, "POST /v1/premises", make_premises(), key=key)
    assert mended.status_code == 201


async def test_a_departure_ends_the_stay_and_may_be_sent_twice(world: World):
    stay_id = await declare_stay(world, await declare_premises(world))
    key = uuid7()
    first = await ask(world, f"POST /v1/stays/{stay_id}/departure", DEPARTURE, key=key)
    assert first.status_code == 201
    assert first.headers["Location"] == f"/v1/stays/{stay_id}"
    assert first.json()["view"]["effect"] == "departed"
    assert first.json()["view"]["left_on"] == "2026-03-01"
    again = await ask(world, f"POST /v1/stays/{stay_id}/departure", DEPARTURE, key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_a_departure_before_the_arrival_is_refused_at_the_callers_field(world: World):
    stay_id = await declare_stay(world, await declare_premises(world))
    early = {"left_on": "2026-01-01", "reason": "unknown"}
    answer = await ask(world, f"POST /v1/stays/{stay_id}/departure", early)
    assert (answer.status_code, answer.json()["code"]) == (422, "stay.departed-before-arrival")
    assert errors_of(answer) == [("/left_on", "stay.departed-before-arrival")]


async def test_stays_and_premises_are_withdrawn_with_a_reason(world: World):
    premises_id = await declare_premises(world)
    stay_id = await declare_stay(world, premises_id)
    for path in (f"/v1/stays/{stay_id}", f"/v1/premises/{premises_id}"):
        refused = await ask(world, f"POST {path}/withdrawal", {})
        assert errors_of(refused) == [("/reason", "field.required")]
        answer = await ask(world, f"POST {path}/withdrawal", {"reason": "entered_twice"})
        assert (answer.status_code, answer.json()["view"]["effect"]) == (201, "withdrawn")


async def test_only_the_author_withdraws(world: World):
    stay_id = await declare_stay(world, await declare_premises(world))
    body = {"reason": "entered_twice"}
    path = f"/v1/stays/{stay_id}/withdrawal"
    answer = await ask(world, f"POST {path}", body, by=world.officer)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("ending", ["departure", "withdrawal"])
async def test_what_is_not_there_or_not_a_stay_is_not_found(world: World, ending: str):
    premises_id = await declare_premises(world)
    for unknown in (uuid7(), premises_id):
        answer = await ask(world, f"POST /v1/stays/{unknown}/{ending}", DEPARTURE)
        assert answer.status_code == 404


async def test_stays_of_another_commune_are_not_found(world: World):
    stay_id = await declare_stay(world, await declare_premises(world))
    other = await world.new_client(SANGKAT_1)
    patch = await ask(world, f"PATCH /v1/stays/{stay_id}", {}, by=other, If_Match=f'"{stay_id}"')
    left = await ask(world, f"POST /v1/stays/{stay_id}/departure", DEPARTURE, by=other)
    assert (patch.status_code, left.status_code) == (404, 404)


async def test_a_nil_declaration_is_written(world: World):
    premises_id = await declare_premises(world)
    order_id = await publish_order(world)
    body = makers.make_declaration(premises_id, order_id)
    answer = await ask(world, "POST /v1/declarations", body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/declarations/{answer.json()['id']}"
    assert answer.json()["view"]["body"]["count"] == 0


async def test_a_declaration_is_withdrawn_and_no_other_entry_is_one(world: World):
    premises_id = await declare_premises(world)
    body = makers.make_declaration(premises_id, await publish_order(world))
    declared = (await ask(world, "POST /v1/declarations", body)).json()["id"]
    gone = {"reason": "entered_by_mistake"}
    path = "POST /v1/declarations/{}/withdrawal"
    assert (await ask(world, path.format(premises_id), gone)).status_code == 404
    assert (await ask(world, path.format(declared), {})).status_code == 422
    answer = await ask(world, path.format(declared), gone)
    assert (answer.status_code, answer.json()["view"]["effect"]) == (201, "withdrawn")


async def publish_order(world: World) -> Any:
    """Return an order that the register signed."""
    order_id = uuid7()
    text = {"km": "TEST DATA", "en": "TEST DATA", "zh": "TEST DATA"}
    body = {
        "title": text,
        "legal_basis": text,
        "issued_on": "2026-02-01",
        "places": [makers.LOG],
    }
    await world.submit(world.register.composer.compose("order", body, document_id=order_id))
    return order_id


async def test_nothing_is_deleted_and_the_answer_names_the_withdrawal(world: World):
    stay_id = await declare_stay(world, await declare_premises(world))
    for path in ("stays", "premises", "declarations"):
        for device in (world.client, world.owner, world.officer):
            answer = await ask(world, f"DELETE /v1/{path}/{stay_id}", by=device)
            assert (answer.status_code, answer.json()["code"]) == (405, "request.method")
            assert "GET" in answer.headers["Allow"].split(", ")
            assert "DELETE" not in answer.headers["Allow"]
            assert answer.json()["details"]["withdrawal"].startswith(f"POST /v1/{path}/")
    signed = await ask(world, f"DELETE /v1/pledges/{stay_id}")
    assert signed.json()["details"] == {"withdrawal": "POST /v1/sync/push"}
    assert (await ask(world, "DELETE /v1/stays")).json()["details"] == {}


async def test_a_dry_run_answers_and_leaves_no_trace(world: World):
    key, before = uuid7(), await list_entries(world)
    answer = await ask(world, "POST /v1/premises?dry_run=1", make_premises(), key=key)
    assert answer.status_code == 200
    assert answer.json() == {"id": str(key), "custody": "stored", "dry_run": True}
    refused = await ask(world, "POST /v1/premises?dry_run=1", make_premises(kind="castle"))
    assert errors_of(refused) == [("/kind", "field.value")]
    waiting = make_stay(key, place=SANGKAT_4)
    held = await ask(world, "POST /v1/stays?dry_run=1", waiting, key=uuid7())
    assert (held.status_code, held.json()["missing"]) == (202, [str(key)])
    assert await list_entries(world) == before
    written = await ask(world, "POST /v1/premises", make_premises(), key=key)
    assert written.status_code == 201
