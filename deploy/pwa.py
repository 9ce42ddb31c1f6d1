"""Building the PWA that phones load; apart because it alone needs Node."""

from collections.abc import Sequence
from pathlib import Path

from deploy import stamps
from deploy.environment import BUNDLE, DOWNLOAD_ADVICE, ROOT, STAMPS
from deploy.node import FOR_BUILDING, Node, Range, find_node
from deploy.steps import EXIT_TRY_AGAIN, environment_for_tools, run_step

PWA = ROOT / "pwa"
BUILT = PWA / "dist" / "index.html"
STAMP = STAMPS / "pwa"
BUILD_ADVICE = "The PWA could not be built; what the compiler says stands above."


def set_up() -> None:
    """Make pwa/dist current. Node is looked for only when there is something to do."""
    now = digest()
    is_current = any(stamps.is_current(stamp, now) for stamp in (STAMP, BUNDLE / STAMP.name))
    if is_current and BUILT.exists():
        return
    node = set_up_packages(FOR_BUILDING)
    run_step(
        "Building the PWA",
        [*node.npm, "run", "build"],
        advice=BUILD_ADVICE,
        folder=PWA,
        environment=environment_for_tools(node.folder),
    )
    stamps.record(STAMP, now)


def digest() -> str:
    """A digest of what is built from; the same wherever the folder lies."""
    return stamps.digest(stamps.list_sources(PWA), below=PWA)


def set_up_packages(ranges: Sequence[Range]) -> Node:
    """Install the locked npm packages; returns the Node that fits one of the ranges."""
    node = find_node(ranges)
    lock = PWA / "package-lock.json"
    now = stamps.digest([lock, PWA / "package.json"])
    stamp = STAMPS / "pwa-packages"
    if not (stamps.is_current(stamp, now) and installed(PWA)):
        run_step(
            "Installing the PWA's packages",
            [*node.npm, "ci", "--no-audit", "--no-fund"],
            advice=DOWNLOAD_ADVICE,
            exit_code=EXIT_TRY_AGAIN,
            folder=PWA,
            environment=environment_for_tools(node.folder),
        )
        stamps.record(stamp, now)
    return node


def installed(folder: Path) -> bool:
    """Whether npm came to its end: this file is what it writes last."""
    return (folder / "node_modules" / ".package-lock.json").exists()
