"""What kind of work an operation is, and which addresses are one household."""

import pytest

from api.access import OPERATIONS, PUBLIC
from api.admission.rules import find_household, hide, work_of


@pytest.mark.parametrize(
    ("work", "operations"),
    [
        ("unbounded", {"health.live", "health.ready"}),
        ("entering", {"devices.register", "setup", "sync.info", "token.issue"}),
    ],
)
def test_signing_in_and_being_looked_at_have_places_of_their_own(work, operations):
    assert {one for one in PUBLIC if work_of(one, is_public=True) == work} == operations


def test_what_is_kept_is_writing():
    writing = {one for one in OPERATIONS if work_of(one, is_public=False) == "writing"}
    assert writing == {
        "blobs.write",
        "communes.push",
        "declarations.write",
        "devices.revoke",
        "pledges.write",
        "premises.write",
        "quarantine.judge",
        "stays.write",
        "sync.push",
    }


@pytest.mark.parametrize(
    ("address", "household"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%eth0", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_a_line_of_ipv6_is_one_household(address: str, household: str):
    assert find_household(address) == household


def test_an_address_is_counted_under_the_secret_of_its_register():
    assert hide("2001:db8::1", b"one") == hide("2001:db8::2", b"one")
    assert hide("2001:db8::1", b"one") != hide("2001:db8::1", b"other")
