"""What a real browser signs, Python reads: fresh from Chromium, and as the golden file keeps it."""

import json
from typing import Any

import msgspec

from sync.document import is_authentic, read_item
from sync.keys import PublicJwk
from tests.sync.vectors import each, read_vectors
from tests.vectors.make_chromium import sign_in_chromium

GOLDEN = read_vectors("documents-chromium.json")


def check_case(case: dict[str, Any], vectors: dict[str, Any]) -> None:
    document = read_item(json.dumps(case["item"]).encode())
    is_signed = is_authentic(document, msgspec.convert(vectors["jwk_public"], PublicJwk))
    assert is_signed == ("problem" not in case)


@each(GOLDEN["negative"])
def test_a_browsers_document_that_was_changed_is_refused(case):
    check_case(case, GOLDEN)


@each(GOLDEN["items"])
def test_a_document_that_a_browser_signed_is_read(case):
    check_case(case, GOLDEN)


async def test_the_browser_still_signs_what_python_reads():
    fresh = await sign_in_chromium()
    assert [case["name"] for case in fresh["items"]] == [case["name"] for case in GOLDEN["items"]]
    for case in [*fresh["items"], *fresh["negative"]]:
        check_case(case, fresh)


def test_there_are_cases():
    assert len(GOLDEN["items"]) >= 8
    assert GOLDEN["negative"]
