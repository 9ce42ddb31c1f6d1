"""Custody: each answer of protocol.md, and which of two reasons counts when both hold."""

from uuid import UUID

import pytest

from sync.custody import (
    Duplicate,
    Fault,
    Held,
    Known,
    Later,
    Rejected,
    Standing,
    Stored,
    decide,
)

HASH = b"h" * 32
OTHER = b"o" * 32
MISSING = (UUID(int=1),)


def test_other_bytes_under_a_known_id_are_rejected_before_anything_else():
    standing = Standing(known=Known(OTHER, "receipt"), fault=Fault("schema"), missing=MISSING)
    assert decide(HASH, standing) == Rejected(Fault("id-reuse"))


@pytest.mark.parametrize("known", [None, Known(HASH, "receipt"), Known(OTHER, "receipt")])
def test_what_another_signed_gets_one_answer_whatever_the_log_holds(known):
    standing = Standing(may_be_sent=False, known=known, missing=MISSING)
    assert decide(HASH, standing) == Rejected(Fault("not-allowed"))


def test_waiting_reserves_no_id():
    assert decide(HASH, Standing(known=Known(OTHER, None))) == Stored()


@pytest.mark.parametrize("judgement", ["not-allowed", "device-revoked", "quota"])
def test_what_is_in_the_log_gets_its_receipt_again_whatever_happened_since(judgement):
    standing = Standing(known=Known(HASH, "receipt"), fault=Fault("schema"), judgement=judgement)
    assert decide(HASH, standing) == Duplicate("receipt")


def test_a_kind_that_the_register_does_not_know_yet_is_for_later():
    assert decide(HASH, Standing(is_readable=False)) == Later("version.newer")


def test_a_fault_is_final_even_while_something_is_missing():
    fault = Fault("stay.departed-before-arrival")
    assert decide(HASH, Standing(fault=fault, missing=MISSING)) == Rejected(fault)


def test_a_document_waits_for_what_it_rests_on():
    assert decide(HASH, Standing(missing=MISSING)) == Held(MISSING, is_new=True)


def test_a_document_that_waits_already_is_not_put_down_twice():
    standing = Standing(known=Known(HASH, None), missing=MISSING)
    assert decide(HASH, standing) == Held(MISSING, is_new=False)


def test_rights_are_judged_only_when_nothing_is_missing():
    standing = Standing(missing=MISSING, judgement="not-allowed")
    assert decide(HASH, standing) == Held(MISSING, is_new=True)


def test_what_waited_too_long_is_rejected():
    assert decide(HASH, Standing(missing=MISSING, expired=True)) == Rejected(Fault("dependency"))


def test_what_waited_too_long_is_stored_once_nothing_is_missing():
    assert decide(HASH, Standing(expired=True)) == Stored()


@pytest.mark.parametrize("judgement", ["not-allowed", "device-revoked", "wrong-commune"])
def test_what_its_author_may_not_write_is_rejected(judgement):
    assert decide(HASH, Standing(judgement=judgement)) == Rejected(Fault(judgement))


def test_what_a_lost_phone_sends_waits_for_an_officer():
    assert decide(HASH, Standing(judgement="quarantined")) == Held((), is_new=True)


def test_over_the_quota_is_for_later():
    assert decide(HASH, Standing(judgement="quota")) == Later("quota")


def test_what_waited_is_stored_when_what_it_rests_on_has_come():
    assert decide(HASH, Standing(known=Known(HASH, None))) == Stored()


def test_a_new_document_is_stored():
    assert decide(HASH, Standing()) == Stored()
