"""A device replays every case of the golden vectors that its twin in TypeScript replays too."""

from typing import Any
from uuid import UUID

import msgspec

from sync.batch import list_have, next_batch, retry_delay_ms
from sync.replica import advance
from sync.states import Event, Replica, Row, State
from tests.sync.vectors import each, read_vectors

VECTORS = read_vectors("replica.json")


def read_replica(given: dict[str, Any]) -> Replica:
    defaults = VECTORS["defaults"]
    rows = {row["id"]: {**defaults["row"], **row} for row in given["rows"]}
    link = {**defaults["link"], **given.get("link", {})}
    whole = {**defaults["replica"], **given, "rows": rows, "link": link}
    return msgspec.convert(whole, Replica)


def read_event(event: dict[str, Any]) -> Event:
    if event["type"] == "composed":
        event = {**event, "row": {**VECTORS["defaults"]["row"], **event["row"]}}
    return msgspec.convert(event, Event)


def make_rows(count: int, state: State) -> Replica:
    ids = [UUID(int=number) for number in range(count)]
    rows = {id: Row(id=id, hash="", by="", kind="stay", size=9, state=state) for id in ids}
    return Replica(kid="", rows=rows)


@each(VECTORS["advance"])
def test_a_device_does_what_the_vectors_say(case):
    after = advance(read_replica(case["given"]), read_event(case["event"]))
    assert after == read_replica(case["then"])
    assert list(after.rows) == list(read_replica(case["then"]).rows)


@each(VECTORS["advance"])
def test_rows_that_did_not_change_are_the_same_objects(case):
    given = read_replica(case["given"])
    after = advance(given, read_event(case["event"]))
    assert all(
        row is given.rows[row.id]
        for row in after.rows.values()
        if row.id in given.rows and row == given.rows[row.id]
    )


@each(VECTORS["batch"])
def test_a_batch_holds_what_the_vectors_say(case):
    batch = next_batch(read_replica(case["given"]), case["now_ms"])
    assert [str(row.id) for row in batch] == case["ids"]


@each(VECTORS["have"])
def test_a_pull_asks_about_what_the_vectors_say(case):
    assert [str(id) for id in list_have(read_replica(case["given"]))] == case["ids"]


@each(VECTORS["delay"])
def test_a_delay_is_what_the_vectors_say(case):
    delay_ms = retry_delay_ms(case["failures"], case["random"], case["retry_after_seconds"])
    assert delay_ms == case["delay_ms"]


def test_a_batch_holds_at_most_a_hundred_documents():
    assert len(next_batch(make_rows(102, "queued"), 0)) == 100


def test_a_pull_asks_about_at_most_five_hundred_documents():
    assert len(list_have(make_rows(502, "received"))) == 500
