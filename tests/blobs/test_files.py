"""Tests for the files of photos while other requests come and go."""

import threading
from pathlib import Path
from uuid import UUID

from api.blobs.files import BlobFiles
from api.blobs.records import Blob

BEGUN = Blob(
    log="18/01/03", account_id=UUID(int=1), sha256=bytes(32), length=100, begun_ms=0, seen_ms=0
)


def test_an_unfinished_photo_that_another_request_deletes_meanwhile_has_no_bytes(tmp_path: Path):
    files = BlobFiles(tmp_path)
    _, unfinished = files.list_places(BEGUN)
    unfinished.parent.mkdir(parents=True)
    is_over = threading.Event()

    def come_and_go() -> None:
        while not is_over.is_set():
            unfinished.touch()
            unfinished.unlink()

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        assert {files.measure(BEGUN) for _ in range(50_000)} == {0}
    finally:
        is_over.set()
        other.join()
