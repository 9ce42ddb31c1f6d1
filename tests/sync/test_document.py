"""Documents: what every reader accepts, what all refuse, and that what was signed stays."""

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest

from sync.document import (
    Refused,
    check_json,
    compose,
    digest_of,
    hash_payload,
    is_authentic,
    open_disclosure,
    read_document,
    read_item,
    read_payload,
    sign_payload,
    uuid7,
)
from sync.keys import PublicJwk, decode_base64url, new_private_key, public_jwk, thumbprint
from sync.messages import PAYLOAD_BYTES_MAX, Item
from tests.sync.vectors import each, read_vectors
from tests.vectors import make_documents

PYTHON = read_vectors("documents-python.json")
STAY = {
    "kind": "stay",
    "log": "psh-p-preah-sihanouk",
    "place": "psh-c-sangkat-4",
    "body": {"nationality": "unknown"},
}


def read_case(case: dict[str, Any], jwk: PublicJwk) -> str | None:
    """Return how a reader refuses a case's item, or None."""
    try:
        document = read_item(json.dumps(case["item"]).encode())
    except Refused as refused:
        return refused.code
    return None if is_authentic(document, jwk) else "bad-signature"


def read_key(vectors: dict[str, Any]) -> PublicJwk:
    return msgspec.convert(vectors["jwk_public"], PublicJwk)


def payload_of(bytes_count: int) -> str:
    key = new_private_key()
    text = compose(key, {**STAY, "body": {"text": ""}}).payload
    filler = "x" * (bytes_count - len(text))
    return text.replace('"text":""', f'"text":"{filler}"')


@each(PYTHON["negative"])
def test_a_document_that_must_be_refused_is_refused(case):
    assert read_case(case, read_key(PYTHON)) == case["problem"]


@each(PYTHON["items"])
def test_a_document_of_the_golden_file_is_accepted(case):
    assert read_case(case, read_key(PYTHON)) is None


@each(PYTHON["items"])
def test_a_document_keeps_its_id_and_hash(case):
    document = read_document(msgspec.convert(case["item"], Item))
    assert document.id == UUID(case["id"])
    assert document.hash == decode_base64url(case["hash"])


def test_the_golden_file_is_what_its_writer_writes(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.vectors.golden.FOLDER", tmp_path)
    make_documents.main()
    assert json.loads((tmp_path / "documents-python.json").read_bytes()) == PYTHON


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b'{"protected":"\xff","payload":"","signature":""}', b"[" * 100_000],
    ids=["nothing", "a list", "null", "no UTF-8", "a hundred thousand levels"],
)
def test_what_is_no_item_is_malformed(data):
    with pytest.raises(Refused, match="malformed"):
        read_item(data)


@pytest.mark.parametrize("text", ["\ud800", "\udfe0\ud83c"])
def test_text_with_lone_surrogates_is_malformed(text):
    with pytest.raises(Refused, match="malformed"):
        read_payload(text)


def test_a_payload_one_byte_too_large_is_malformed():
    with pytest.raises(Refused, match="malformed") as refused:
        read_payload(payload_of(PAYLOAD_BYTES_MAX + 1))
    assert refused.value.errors[0].code == "field.too-long"


def test_a_payload_is_measured_in_bytes_not_in_characters():
    text = payload_of(PAYLOAD_BYTES_MAX).replace("xxx", "ក")
    assert len(text) < len(text.encode()) == PAYLOAD_BYTES_MAX
    read_payload(text)
    with pytest.raises(Refused, match="malformed"):
        read_payload(text.replace("ក", "កx", 1))


def test_a_disclosure_may_not_be_larger_than_a_payload():
    item = compose(new_private_key(), STAY, {"remarks": {"text": "x" * PAYLOAD_BYTES_MAX}})
    with pytest.raises(Refused, match="malformed"):
        read_item(msgspec.json.encode(item))


def test_a_composed_document_is_accepted_by_its_reader():
    key = new_private_key()
    item = compose(key, STAY, {"identity": {"primary": "TESTDATA"}})
    document = read_item(msgspec.json.encode(item))
    assert is_authentic(document, public_jwk(key))
    assert document.payload.entity == document.id
    assert document.kid == document.payload.by == thumbprint(public_jwk(key))


def test_a_disclosure_opens_to_the_values_that_its_digest_hides():
    item = compose(new_private_key(), STAY, {"identity": {"primary": "TESTDATA"}})
    text = (item.disclosures or {})["identity"]
    body = json.loads(item.payload)["body"]
    assert body["identity"] == digest_of(text)
    assert "TESTDATA" not in item.payload
    assert open_disclosure(text) == {"primary": "TESTDATA"}


def test_the_same_values_are_hidden_under_another_digest_every_time():
    key = new_private_key()
    items = [compose(key, STAY, {"identity": {"primary": "TESTDATA"}}) for _ in range(2)]
    digests = {json.loads(item.payload)["body"]["identity"] for item in items}
    assert len(digests) == 2


def test_signing_again_changes_the_signature_but_not_the_hash():
    key = new_private_key()
    item = compose(key, STAY)
    again = sign_payload(key, item.payload)
    assert again.signature != item.signature
    assert hash_payload(again.payload) == hash_payload(item.payload)
    assert is_authentic(read_document(again), public_jwk(key))


def test_a_document_is_not_authentic_under_another_key():
    item = compose(new_private_key(), STAY)
    assert not is_authentic(read_document(item), public_jwk(new_private_key()))


def test_ids_made_later_sort_later_and_are_never_the_same():
    ids = [uuid7(now_ms) for now_ms in (1, 2, 1_663_643_465_123)]
    assert ids == sorted(ids)
    assert {id.version for id in ids} == {7}
    assert uuid7(1) != uuid7(1)


def test_json_that_may_be_nested_less_deeply_is_refused():
    check_json('{"a":[]}', depth_max=2)
    with pytest.raises(Refused, match="malformed"):
        check_json('{"a":[[]]}', depth_max=2)
