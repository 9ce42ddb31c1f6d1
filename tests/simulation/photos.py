"""Photos of a history: how they look, who sent which, and what the register said of each."""

import hashlib
import random
import struct
import zlib
from collections.abc import Callable, Collection, Iterable
from typing import Final

import httpx
from msgspec import Struct
from msgspec.structs import replace

from sync.photos import name_of

DAY_MS: Final = 86_400_000
SIDE: Final = 10
LENGTH: Final = "Upload-Length"
#: From when on the register may have let go what it holds for seven, and for thirty days: clocks of
#: histories jump by hours.
UNFINISHED_MS: Final = 4 * DAY_MS
UNNAMED_MS: Final = 20 * DAY_MS

Sending = tuple[str, str]


class Said(Struct, frozen=True):
    """What the register acknowledged of a photo, and when something of it last came."""

    offset: int
    is_complete: bool
    at_ms: int


class Photos:
    """Every photo of a history by name, and for sender and name what the register said last."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.taken: dict[str, bytes] = {}
        self.sent: set[Sending] = set()
        self.said: dict[Sending, Said] = {}

    def take(self) -> bytes:
        """Return a photo that nobody took before: the same one in every run of a history."""
        photo = make_photo(len(self.taken))
        self.taken[name_of(photo)] = photo
        return photo

    def send(self, request: httpx.Request) -> None:
        """Remember who sent something, whatever comes of it."""
        if request.method == "PATCH":
            self.sent.add(find_sending(request))

    def hear(self, request: httpx.Request, response: httpx.Response) -> None:
        """Remember what the register said, whether or not its answer arrives."""
        sending = find_sending(request)
        if response.status_code in (404, 422):
            self._unsay(sending)
        if response.is_success and "Upload-Offset" in response.headers:
            self._hear(sending, response, is_new=request.method == "PATCH")

    def _unsay(self, sending: Sending) -> None:
        """Nothing is there: because of its age, or because the bytes were not what they should."""
        known = self.said.pop(sending, None)
        is_young = known is not None and self._clock() - known.at_ms < UNFINISHED_MS
        assert known is None or not (known.is_complete and is_young), "taken and gone"

    def _hear(self, sending: Sending, response: httpx.Response, *, is_new: bool) -> None:
        is_complete = "Upload-Complete" in response.headers
        said = Said(int(response.headers["Upload-Offset"]), is_complete, self._clock())
        known = self.said.get(sending)
        if known is not None:
            is_old = self._clock() - known.at_ms > UNFINISHED_MS
            assert is_old or said.offset >= known.offset, "acknowledged and gone"
        if known is not None and (known.is_complete or not is_new):
            said = replace(said, at_ms=known.at_ms)
        self.said[sending] = said

    def list_lacking(self, by: str, names: Iterable[str]) -> list[str]:
        """Return which photos the register never said to have taken from somebody."""
        done = {name for (who, name), said in self.said.items() if who == by and said.is_complete}
        return sorted(set(names) - done)

    def grow_old(self, named: Collection[str]) -> None:
        """Forget what the register may have let go by now."""
        for (by, name), said in list(self.said.items()):
            age_ms = self._clock() - said.at_ms
            is_old = age_ms > UNNAMED_MS if said.is_complete else age_ms > UNFINISHED_MS
            if is_old and not (said.is_complete and name in named):
                del self.said[by, name]


def find_sending(request: httpx.Request) -> Sending:
    """Return whose device asks about which photo."""
    return request.extensions["by"], request.url.path.rpartition("/")[2]


def make_photo(number: int) -> bytes:
    """Return a PNG of a few hundred bytes; TEST DATA: coloured noise."""
    pixels = random.Random(number).randbytes(SIDE * SIDE * 3)
    lines = (pixels[at : at + SIDE * 3] for at in range(0, len(pixels), SIDE * 3))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    drawn = zlib.compress(b"".join(b"\0" + line for line in lines))
    chunks = ((b"IHDR", header), (b"IDAT", drawn), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(make_chunk(*chunk) for chunk in chunks)


def make_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def name_announced(number: int) -> str:
    """Return the name of a photo that nobody ever takes."""
    return hashlib.sha256(f"TEST DATA {number}".encode()).hexdigest()
