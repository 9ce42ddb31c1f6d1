"""Receipts and signed heads hold under the register's key and under nothing else."""

import json

import msgspec
import pytest

from sync.keys import PublicJwk, new_private_key, public_jwk, thumbprint
from sync.receipts import Head, Receipt, read_head, read_receipt, sign_head, sign_receipt
from tests.sync.vectors import each, read_vectors
from tests.vectors import make_receipts

VECTORS = read_vectors("receipts.json")
KEYS = {key["kid"]: msgspec.convert(key["jwk"], PublicJwk) for key in VECTORS["keys"]}


@each(VECTORS["negative"])
def test_a_receipt_that_does_not_hold_is_refused(case):
    with pytest.raises(ValueError, match=r".*"):
        read_receipt(case["receipt"], KEYS)


@each(VECTORS["receipts"])
def test_a_receipt_says_what_was_signed(case):
    assert msgspec.to_builtins(read_receipt(case["receipt"], KEYS)) == case["claims"]


@each(VECTORS["heads"])
def test_a_head_says_what_was_signed(case):
    assert msgspec.to_builtins(read_head(case["head"], KEYS)) == case["claims"]


def test_a_receipt_is_no_head():
    with pytest.raises(ValueError, match="another type"):
        read_head(VECTORS["receipts"][0]["receipt"], KEYS)


def test_a_receipt_of_a_retired_key_holds_as_long_as_the_key_is_known():
    key = new_private_key()
    keys = {thumbprint(public_jwk(key)): public_jwk(key)}
    receipt = msgspec.convert(VECTORS["receipts"][0]["claims"], Receipt)
    signed = sign_receipt(receipt, key)
    assert read_receipt(signed, KEYS | keys) == receipt
    with pytest.raises(ValueError, match="another type, algorithm or key"):
        read_receipt(signed, KEYS)


def test_a_head_signed_now_holds():
    key = new_private_key()
    head = msgspec.convert(VECTORS["heads"][0]["claims"], Head)
    assert read_head(sign_head(head, key), {thumbprint(public_jwk(key)): public_jwk(key)}) == head


def test_the_golden_files_are_what_their_writer_writes(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.vectors.golden.FOLDER", tmp_path)
    make_receipts.main()
    assert json.loads((tmp_path / "receipts.json").read_bytes()) == VECTORS
    assert json.loads((tmp_path / "chain.json").read_bytes()) == read_vectors("chain.json")
