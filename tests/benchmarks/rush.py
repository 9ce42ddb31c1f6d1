"""The last 48 hours of 2022 through real clients in ten minutes, against 512 MB."""

from pathlib import Path

from tests.benchmarks.figures import Figure, at_most, informs
from tests.faults.checker import Findings, check
from tests.faults.held import read_file
from tests.faults.rush import MEMORY_BYTES, rush

SECONDS = 600
_MIB = 1024 * 1024


async def measure(folder: Path) -> list[Figure]:
    """Count what was lost, then say how long pushes took and what they cost."""
    data = folder / "rush"
    data.mkdir()
    rushed = await rush(data, seconds=SECONDS)
    findings = check(rushed.history, read_file(data / "register" / "register.sqlite3"))
    return [
        at_most("rush: lost of what was saved", len(findings.lost) + rushed.unfinished, 0),
        at_most("rush: doubled, broken, unproven, damaged", _count_wrong(findings), 0),
        at_most("rush: push p99 ms", rushed.p99_ms, 1_000),
        informs("rush: push p50 ms", rushed.p50_ms),
        at_most("rush: peak MiB resident", rushed.peak_bytes / _MIB, MEMORY_BYTES / _MIB),
        informs("rush: was held to it by a control group", rushed.is_confined),
        at_most("rush: seconds until everything was confirmed", rushed.seconds, SECONDS + 60),
        informs("rush: documents", len(rushed.history.saved)),
        informs("rush: pushes", rushed.pushes),
        informs("rush: requests", rushed.requests),
        informs("rush: refused for now", rushed.refused),
        informs("rush: cpu ms a request", rushed.cpu_ms),
    ]


def _count_wrong(findings: Findings) -> int:
    kinds = (findings.doubled, findings.broken, findings.unproven, findings.damaged)
    return sum(len(kind) for kind in kinds)
