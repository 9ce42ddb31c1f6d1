"""How many bytes the app is for a slow link, as the build left it in `pwa/dist`."""

import gzip
import re
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.benchmarks.figures import Figure, at_most

DIST = Path(__file__).parents[2] / "pwa" / "dist"
_CATALOGUE = re.compile(r"^src/text/")
_PRECACHED = re.compile(rb"""\[[`"'](/app/[^`"']*)[`"'],[`"'][0-9a-f]{12}[`"']\]""")


class Chunk(Struct):
    """A file of the build's manifest, with what it cannot run without."""

    file: str
    src: str = ""
    is_entry: bool = msgspec.field(default=False, name="isEntry")
    imports: list[str] = []
    css: list[str] = []


async def measure(folder: Path) -> list[Figure]:
    """Add up what a browser loads first, and what the worker keeps."""
    del folder
    assert DIST.exists(), "build the app first: python3 -m deploy"
    manifest = msgspec.json.decode(
        (DIST / ".vite" / "manifest.json").read_bytes(), type=dict[str, Chunk]
    )
    return [
        at_most("first load, kB gzip", kilobytes(list_first(manifest)), 60),
        at_most("precached shell, kB gzip", kilobytes(list_precached()), 300),
    ]


def list_first(manifest: dict[str, Chunk]) -> set[str]:
    """Scripts and styles of the first screen, with the largest of the languages."""
    needed: set[str] = set()
    left = [name for name, chunk in manifest.items() if chunk.is_entry]
    while left:
        name = left.pop()
        if name not in needed:
            needed.add(name)
            left += manifest[name].imports
    languages = [chunk.file for chunk in manifest.values() if _CATALOGUE.match(chunk.src)]
    files = {file for name in needed for file in (manifest[name].file, *manifest[name].css)}
    return files | {max(languages, key=size_of)}


def list_precached() -> set[str]:
    """Every file that the service worker names."""
    found = _PRECACHED.findall((DIST / "sw.js").read_bytes())
    paths = {path.decode().removeprefix("/app/") or "index.html" for path in found}
    assert len(paths) > 1, "the worker names no files"
    return paths


def size_of(file: str) -> int:
    return len(gzip.compress((DIST / file).read_bytes(), compresslevel=9))


def kilobytes(files: set[str]) -> float:
    return sum(map(size_of, files)) / 1000
