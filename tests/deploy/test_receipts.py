"""The script that checks a receipt with nothing of ours takes receipts, and nothing else."""

import asyncio
import json
import subprocess
import sys
from asyncio.subprocess import DEVNULL
from pathlib import Path

import pytest

from sync.keys import encode_base64url, sign
from tests.world import World, expect

SCRIPT = Path(__file__).parents[2] / "deploy" / "verify_receipt.py"


async def check(world: World, folder: Path, receipt: str) -> int:
    info = expect(await world.http.get("/v1/sync/info"))
    (folder / "receipt.json").write_text(json.dumps({"receipt": receipt}))
    (folder / "info.json").write_text(json.dumps(info))
    command = [sys.executable, SCRIPT, folder / "receipt.json", folder / "info.json"]
    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL)
    return await process.wait()


async def test_a_receipt_holds(world: World, tmp_path: Path):
    premises_id = await world.owner.send_premises()
    receipt = (await world.owner.read(f"/v1/receipts/{premises_id}"))["receipt"]
    assert await check(world, tmp_path, receipt) == 0


async def test_a_signed_head_is_no_receipt(world: World, tmp_path: Path):
    head = expect(await world.http.get(f"/v1/logs/{world.register.log}/head"))["head"]
    assert await check(world, tmp_path, head) == 1


@pytest.mark.parametrize(
    "change", [{"alg": "none"}, {"alg": "ES384"}, {"typ": "sangkat-head+jws"}, {"typ": "JWT"}]
)
async def test_another_type_or_algorithm_is_no_receipt(
    world: World, tmp_path: Path, change: dict[str, str]
):
    keys = world.register.keys
    header = {"alg": "ES256", "kid": keys.receipt_kid, "typ": "sangkat-receipt+jws", **change}
    message = f"{encode_base64url(json.dumps(header).encode())}.{encode_base64url(b'{}')}"
    signature = encode_base64url(sign(keys.receipt, message.encode()))
    assert await check(world, tmp_path, f"{message}.{signature}") == 1


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "ValueError"),
        (["receipt.json"], "ValueError"),
        (["receipt.json", "missing.json"], "FileNotFoundError"),
        (["receipt.json", "receipt.json"], "KeyError: 'receipt_keys'"),
        (["list.json", "receipt.json"], "TypeError"),
        (["receipt.json", "info.json"], "ValueError"),
        (["number.json", "info.json"], "ValueError"),
        (["deep.json", "info.json"], "RecursionError"),
    ],
)
def test_what_is_no_receipt_is_said_in_a_line(tmp_path: Path, names: list[str], said: str):
    (tmp_path / "receipt.json").write_text('{"receipt": "7"}')
    (tmp_path / "number.json").write_text('{"receipt": 7}')
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "info.json").write_text('{"receipt_keys": [{}]}')
    command = [sys.executable, SCRIPT, *(tmp_path / name for name in names)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert f"is none: {said}" in done.stderr


def test_a_stranger_reads_the_script_in_a_minute():
    assert len(SCRIPT.read_text().splitlines()) <= 40
