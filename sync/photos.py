"""Sends photos that documents name: in parts, and only what the register does not have of them.

Nothing is remembered here. Whoever keeps the bytes may begin again at any time, as after a restore
of the register, and is soon told that nothing is lacking.
"""

import hashlib
from typing import Final

from sync.client import Client, RequestFailed
from sync.messages import Arrival

#: Small, so that a line that breaks often loses little.
PART_BYTES: Final = 64 * 1024
_TOO_LARGE: Final = 413
#: A register that contradicts itself does not keep a program busy.
_SPARE_ANSWERS: Final = 32


def name_of(photo: bytes) -> str:
    """Return what a document calls a photo: the SHA-256 of its bytes in hexadecimal."""
    return hashlib.sha256(photo).hexdigest()


async def send_photo(client: Client, photo: bytes, *, part_bytes: int = PART_BYTES) -> None:
    """Send a photo until the register has taken it [F1]; the document that names it goes first.

    Raises RequestFailed: status 422 is final for these bytes, unless its code is
    `blob.hash-differs`, which says that they were damaged on their way. Anything else may pass.
    """
    if not client.is_signed_in:
        await client.sign_in()
    arrival = await client.measure_photo(name_of(photo))
    for _ in range(len(photo) // part_bytes + _SPARE_ANSWERS):
        if arrival.is_complete:
            return
        arrival, part_bytes = await _send_next(client, photo, arrival, part_bytes)
    raise RequestFailed(None, "answer.unreadable")


async def _send_next(
    client: Client, photo: bytes, arrival: Arrival, part_bytes: int
) -> tuple[Arrival, int]:
    """Send the next part; return what is there now, and how large the part after it may be.

    Where all parts are there an empty one has the photo drawn once more.
    """
    part = photo[arrival.offset : arrival.offset + part_bytes]
    try:
        arrival = await client.send_part(name_of(photo), part, arrival.offset, len(photo))
    except RequestFailed as error:
        if error.status != _TOO_LARGE or part_bytes == 1:
            raise
        return arrival, part_bytes // 2
    return arrival, part_bytes
