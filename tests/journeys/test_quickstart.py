"""The quick start of the README, run as it is printed against a started demo."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.commands.served import served

ROOT = Path(__file__).parents[2]
_SECONDS_MAX = 120


def _read_block() -> str:
    found = re.search(r"```sh quickstart\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found, "the README has no quick start"
    return found.group(1)


def test_the_quick_start_runs_as_printed(tmp_path: Path):
    with served(tmp_path / "register", "--demo", "tiny") as server:
        done = subprocess.run(
            ["bash", "-c", _read_block()],
            check=False,
            capture_output=True,
            text=True,
            timeout=_SECONDS_MAX,
            cwd=ROOT,
            env={
                **os.environ,
                "ACCESS": str(server.data / "demo-access.json"),
                "PYTHON": sys.executable,
            },
        )
    assert done.returncode == 0, done.stderr
    said = done.stdout.lower()
    assert said.count(" 201 created") == 3
    assert said.count("idempotency-replayed: true") == 1
    assert "idempotency.reused" in said
    assert '"/nationality"' in said
    assert '"specversion"' in said
    assert '"grade": "register"' in said


def test_a_receipt_that_was_changed_does_not_hold(tmp_path: Path):
    forged = tmp_path / "receipt.json"
    info = tmp_path / "info.json"
    forged.write_text('{"receipt": "eyJraWQiOiJ4In0.e30.AAAA"}')
    info.write_text('{"receipt_keys": []}')
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "verify_receipt.py"), str(forged), str(info)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not hold" in done.stderr
