"""The rules of photos, each taken away once: some history must go wrong without it.

A mutant is a piece of a function's source and what stands there instead. When that piece is no
longer found, the rule has moved and the mutant has to follow it.
"""

from typing import Final

from tests.simulation.living import mutant

UPLOADING: Final = "api.blobs.uploading:Uploading."
KEEPING: Final = "api.blobs.keeping:"
STORE: Final = "api.blobs.store:"

PHOTOS: Final = (
    mutant(
        "F1",
        "a part of a photo from elsewhere is taken",
        "api.blobs.rules:check_part",
        "if part.offset != blob.received",
        "if False",
        "photos",
        "disorder",
    ),
    mutant(
        "F1",
        "a photo whose parts are all there is taken for done",
        "sync.photos:send_photo",
        "if arrival.is_complete",
        "if arrival.offset == len(photo)",
        "photos",
        "kill",
    ),
    mutant(
        "F1",
        "a photo that is refused in large parts is not sent in small ones",
        "sync.photos:send_photo",
        "error.status != _TOO_LARGE or part_bytes == 1",
        "True",
        "photos",
        "narrow",
    ),
    mutant(
        "F2",
        "the bytes of a photo are not compared with its name",
        UPLOADING + "_finish",
        "await asyncio.to_thread(held.hash) != blob.sha256",
        "False",
        "photos",
        "forged",
    ),
    mutant(
        "F3",
        "a photo is acknowledged before it lies there",
        UPLOADING + "_add",
        "await asyncio.to_thread(held.put, part.offset, part.data)",
        "pass",
        "photos",
    ),
    mutant(
        "F3",
        "a restored register believes in parts that did not come along",
        "api.blobs.rules:believe",
        "blob.received <= there",
        "True",
        "photos",
        "restore",
    ),
    mutant(
        "F3",
        "a restored register believes in photos that did not come along",
        UPLOADING + "_believe",
        "not self.files.has(blob)",
        "False",
        "photos",
        "restore",
    ),
    mutant(
        "F3",
        "what a killed register left stays for ever",
        KEEPING + "sweep",
        "if path not in places",
        "if False",
        "photos",
        "kill",
    ),
    mutant(
        "F4",
        "a photo that another sent counts",
        STORE + "find_blob",
        " AND account_id = :account AND",
        " AND",
        "photos",
    ),
    mutant(
        "F4",
        "whoever names a photo of another sees it",
        "api.views.store:find_photographers",
        "(EXISTS (SELECT 1",
        "(1 = 1 OR EXISTS (SELECT 1",
        "photos",
    ),
    mutant(
        "F4",
        "whoever sees no premises sees the photo",
        "api.blobs.routes:_find_named",
        "if await may_see(tx, log, scope, entities[one])",
        "",
        "photos",
    ),
    mutant(
        "F5",
        "what nobody goes on with stays for ever",
        KEEPING + "expire",
        "now_ms - UNFINISHED_MS",
        "0",
        "photos",
    ),
    mutant(
        "F5",
        "what no premises name stays for ever",
        KEEPING + "expire",
        "now_ms - UNNAMED_MS",
        "0",
        "photos",
        "revoke",
    ),
    mutant(
        "F5",
        "what premises name goes as well",
        KEEPING + "expire",
        "await store.note_named(tx, log, now_ms, now_ms - DAY_MS)",
        "pass",
        "photos",
        "revoke",
    ),
    mutant(
        "F6",
        "nobody counts what an account has",
        UPLOADING + "_begin",
        "rules.check_room(use, allowed, blob.length)",
        "pass",
        "photos",
    ),
    mutant(
        "F6",
        "what was only announced does not count",
        STORE + "read_use",
        "THEN length",
        "THEN received",
        "photos",
    ),
)
