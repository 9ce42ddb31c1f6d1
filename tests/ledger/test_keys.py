"""The register's keys: private on disk, and a retired one still checks its old receipts."""

from pathlib import Path

import pytest

from api.ledger.keys import load_keys


def test_keys_stay_the_same_over_restarts_and_are_private(tmp_path: Path):
    first, second = load_keys(tmp_path, 0), load_keys(tmp_path, 1_000)
    assert first.receipt_kid == second.receipt_kid
    assert first.published == second.published
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def test_a_key_that_others_could_open_is_closed_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    made = load_keys(tmp_path, 0)
    (tmp_path / "receipt.pem").chmod(0o644)
    (tmp_path / "gateway.pem").chmod(0o620)
    (tmp_path / "receipt-keys.json").chmod(0o644)
    assert load_keys(tmp_path, 0).receipt_kid == made.receipt_kid
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("*.pem")} == {0}
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "keys: other users could open gateway.pem (mode 0620), 0600 now"),
        ("WARNING", "keys: other users could open receipt.pem (mode 0644), 0600 now"),
    ]
    caplog.clear()
    load_keys(tmp_path, 0)
    assert caplog.records == []


def test_a_retired_receipt_key_stays_published_with_its_last_day(tmp_path: Path):
    old = load_keys(tmp_path, 0)
    (tmp_path / "receipt.pem").rename(tmp_path / "receipt-retired.pem")
    new = load_keys(tmp_path, 86_400_000)
    assert [key.kid for key in new.published] == [new.receipt_kid, old.receipt_kid]
    assert new.published[0].valid_until is None
    assert new.published[1].valid_until == "1970-01-02T00:00:00.000Z"
