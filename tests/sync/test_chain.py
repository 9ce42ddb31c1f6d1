"""The chain: any reader computes the same links, and no change of an entry keeps them."""

from uuid import UUID

import pytest

from sync.chain import first_link, next_link
from sync.instants import read_instant
from sync.keys import decode_base64url, encode_base64url
from tests.sync.vectors import read_vectors

LOGS = read_vectors("chain.json")["logs"]


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log["log"])
def test_a_log_has_the_links_of_the_golden_file(log):
    link = first_link(log["log"])
    assert encode_base64url(link) == log["first"]
    for entry in log["entries"]:
        link = follow(link, entry)
        assert encode_base64url(link) == entry["chain"]


@pytest.mark.parametrize(
    "change",
    [
        {"pos": 2},
        {"id": "01835a10-7b21-7c00-8a00-000000000009"},
        {"hash": "A" * 43},
        {"received_at": "2022-09-20T03:11:05.124Z"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_gives_another_link(change):
    entry = LOGS[0]["entries"][0]
    link = first_link(LOGS[0]["log"])
    assert follow(link, entry) != follow(link, {**entry, **change})


def test_two_logs_never_share_a_link():
    assert first_link("one") != first_link("other")


def follow(link, entry):
    return next_link(
        link,
        entry["pos"],
        UUID(entry["id"]),
        decode_base64url(entry["hash"]),
        received_ms=read_instant(entry["received_at"]),
    )
