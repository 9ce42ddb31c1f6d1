"""The built app in memory, each file compressed once: it is small and everybody asks for it."""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final, Self

from litestar.config.compression import CompressionConfig
from litestar.middleware.compression.brotli_facade import BrotliCompression
from msgspec import Struct

from api.answers import digest_of

PAGE: Final = "index.html"
_BROTLI: Final = CompressionConfig(backend="brotli", brotli_quality=9)
_SMALLEST: Final = 1_024
_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PACKED_ALREADY: Final = (".png", ".woff2")


class File(Struct, frozen=True):
    """A file of the app."""

    media_type: str
    etag: str
    is_named_by_content: bool
    is_packable: bool
    data: bytes

    def choose(self, accepted: str) -> tuple[str, bytes]:
        """Return the body in the best coding that the `Accept-Encoding` names, and the coding."""
        codings = {coding.partition(";")[0].strip() for coding in accepted.split(",")}
        coding = next((coding for coding in _PACKERS if coding in codings), None)
        if coding is None or not self.is_packable:
            return "identity", self.data
        return coding, _pack(coding, self.data)


class Site:
    """Every file of a folder by its path; what is not in here is not served."""

    def __init__(self, files: dict[str, File]) -> None:
        """Use `load` instead."""
        self._files = files

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a folder; hidden files and source maps stay out, and a missing folder is empty."""
        found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
        names = (path for path in found if _is_public(path))
        return cls({name.as_posix(): _read(folder / name, name.as_posix()) for name in names})

    def find(self, path: str) -> File | None:
        """Return a file, or the page for an address inside the app: one without a dot."""
        known = self._files.get(path)
        if known is not None or "." in PurePosixPath(path).name:
            return known
        return self._files.get(PAGE)


def _is_public(path: Path) -> bool:
    return path.suffix in _TYPES and not any(part.startswith(".") for part in path.parts)


def _read(file: Path, name: str) -> File:
    data = file.read_bytes()
    return File(
        media_type=_TYPES[file.suffix],
        etag=f'W/"{digest_of(data)}"',
        is_named_by_content=name.startswith("assets/"),
        is_packable=len(data) >= _SMALLEST and file.suffix not in _PACKED_ALREADY,
        data=data,
    )


@lru_cache(maxsize=256)
def _pack(coding: str, data: bytes) -> bytes:
    """Compress a file when it is first asked for: all of them would hold up the start."""
    return _PACKERS[coding](data)


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _brotli(data: bytes) -> bytes:
    """Compress with Brotli the way the framework does it, which has types where brotli has none."""
    packed = BytesIO()
    file = BrotliCompression(packed, "br", _BROTLI)
    file.write(data)
    file.close()
    return packed.getvalue()


# The best first.
_PACKERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {"br": _brotli, "gzip": _gzip}
