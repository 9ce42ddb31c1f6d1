"""Makes photos, good and hostile, and sends them. TEST DATA: coloured rectangles."""

import hashlib
import io
import struct
import zlib
from functools import cache
from typing import Any, Final

import httpx
from PIL import Image

from tests.world import Device, World

PART: Final = "application/offset+octet-stream"
LONG: Final = 32_000
#: The tags of EXIF for orientation, the maker's name and the position.
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
SECRET: Final = "TEST-DATA-CAMERA"


@cache
def make_photo(size: tuple[int, int] = (640, 480), of: str = "JPEG", **more: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    image.save(written, of, **more)
    return written.getvalue()


def make_noise(size: tuple[int, int] = (500, 500)) -> bytes:
    """A photo that does not shrink."""
    written = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(written, "JPEG", quality=95)
    return written.getvalue()


def make_tagged(orientation: int = 1) -> bytes:
    """A photo that says where and with what it was taken, and which side is up."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, SECRET
    exif[GPS] = {1: "N", 2: (10.0, 36.0, 33.0), 3: "E", 4: (103.0, 31.0, 45.0)}
    return make_photo(exif=exif.tobytes(), comment=SECRET.encode())


def make_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes that says it is huge, and is at its beginning."""
    row = zlib.compress(bytes(width // 8 + 1) * 64, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", row), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def name_of(photo: bytes) -> str:
    return hashlib.sha256(photo).hexdigest()


def open_photo(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


async def measure(device: Device, name: str, http: httpx.AsyncClient) -> httpx.Response:
    return await http.head(f"/v1/blobs/{name}", headers=device.headers)


async def send_part(
    device: Device,
    http: httpx.AsyncClient,
    name: str,
    data: bytes,
    offset: int,
    length: int | None = None,
) -> httpx.Response:
    headers = {**device.headers, "Content-Type": PART, "Upload-Offset": str(offset)}
    if length is not None:
        headers["Upload-Length"] = str(length)
    return await http.patch(f"/v1/blobs/{name}", content=data, headers=headers)


async def send_photo(
    world: World, device: Device, photo: bytes, *, name: str | None = None, part_bytes: int = LONG
) -> httpx.Response:
    """Send a photo from its beginning; return the last answer."""
    name = name or name_of(photo)
    answer = await send_part(device, world.http, name, photo[:part_bytes], 0, len(photo))
    offset = part_bytes
    while answer.is_success and offset < len(photo):
        part = photo[offset : offset + part_bytes]
        answer = await send_part(device, world.http, name, part, offset)
        offset += part_bytes
    return answer
