"""No value of anybody's leaves by the way of operators: log, terminal, figures, commands."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.commands.canaries import CANARIES, NAME, PHONE, serve_with_a_defect, spend_a_day
from tests.commands.served import Served, sangkat, served
from tests.makers import SANGKAT_4
from tests.metrics.figures import read_samples

_FLAGS = ("--demo", "tiny", "--metrics-port", "0", "--log-requests")


def ask_as_operator(running: Served, folder: Path) -> Iterator[str]:
    """Yield what the commands of an operator say, and what one says of a file with bad rows."""
    file = folder / "people.csv"
    file.write_text(f"primary,nationality,{NAME}\n{NAME},{PHONE},1\n")
    access = json.loads((running.data / "demo-access.json").read_bytes())
    premises = access["communes"][0]["premises"][0]
    for command in (
        ("account", "list"),
        ("order", "list"),
        ("pledge", "list"),
        ("clock",),
        ("verify",),
        ("backup", folder / "one.backup"),
        ("import", file, "--premises", premises),
    ):
        done = sangkat(*command, data=running.data)
        yield done.stdout + done.stderr


def list_canaries(*texts: str) -> set[str]:
    return {canary for canary in CANARIES for text in texts if canary in text}


def test_nothing_that_anybody_says_is_in_log_figures_or_answers_to_the_operator(tmp_path: Path):
    with served(tmp_path / "data", *_FLAGS, run=serve_with_a_defect) as running:
        failures_count = asyncio.run(spend_a_day(running))
        figures = httpx.get(running.said.split("Figures on ")[1].split()[0]).text
        asked = list(ask_as_operator(running, tmp_path))
        exported = sangkat("export", "--place", SANGKAT_4, "--purpose", "visit", data=running.data)
    said, logged = (running.process.read(stream) for stream in ("stdout", "stderr"))
    assert list_canaries(said, logged, figures, *asked) == set()
    # A list of people names them, and nothing by which they are called or travel.
    assert list_canaries(exported.stdout, exported.stderr) == {NAME}
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert len([one for one in lines if one.get("status", 0) >= 400]) >= failures_count
    (defect,) = [one for one in lines if one["message"] == "defect"]
    assert [one["type"] for one in defect["errors"]] == ["ValueError", "LookupError"]
    (request,) = [one for one in lines if one.get("status") == 500]
    assert request["request_id"] == defect["request_id"]
    assert read_samples(figures)["sangkat_documents_total", "rejected"] == 1
