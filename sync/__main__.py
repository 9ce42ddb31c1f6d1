"""The command `python -m sync`: check a receipt offline, or send what waits in an outbox.

Exit codes: 0 done, 1 refused or not valid, 2 wrong use, 75 try again later.
"""

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from sync.client import Client
from sync.exchange import Exchange, now_ms
from sync.keys import PublicJwk, thumbprint
from sync.outbox import open_outbox
from sync.receipts import read_receipt
from sync.sign_in import Grant
from sync.states import Replica

DONE: Final = 0
REFUSED: Final = 1
LATER: Final = 75
_PASSING: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)


class _KeyFile(msgspec.Struct):
    receipt_keys: tuple[PublicJwk, ...] = ()
    keys: tuple[PublicJwk, ...] = ()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the two commands."""
    asked = _parser().parse_args(arguments)
    if asked.command == "verify":
        return verify(asked.receipt, asked.keys)
    return asyncio.run(send(asked.outbox, asked.url, "program" if asked.program else "phone"))


def verify(receipt: str, keys: Path) -> int:
    """Say whether a receipt, or the address in its QR code, holds under one of the keys."""
    try:
        claims = read_receipt(receipt.rpartition("#")[2].strip(), read_keys(keys.read_bytes()))
    except (OSError, ValueError) as error:
        print(f"The receipt does not hold: {error}.", file=sys.stderr)
        return REFUSED
    print(msgspec.json.format(msgspec.json.encode(claims)).decode())
    return DONE


def read_keys(data: bytes) -> Mapping[str, PublicJwk]:
    """Return public keys by kid from `/v1/sync/info`, from `{"keys": [JWK]}` or from a list."""
    if data.lstrip().startswith(b"["):
        keys = msgspec.json.decode(data, type=tuple[PublicJwk, ...])
    else:
        file = msgspec.json.decode(data, type=_KeyFile)
        keys = file.receipt_keys + file.keys
    return {thumbprint(jwk): jwk for jwk in keys}


async def send(outbox_file: Path, url: str, grant: Grant) -> int:
    """Send what waits in an outbox and pull what became of it, once."""
    try:
        async with open_outbox(outbox_file) as outbox, Client(url, outbox.key, grant) as client:
            is_answered = await Exchange(outbox, client).run_once()
            return _report(outbox.replica, is_answered=is_answered)
    except sqlite3.Error as error:
        print(f"The outbox cannot be used: {error}.", file=sys.stderr)
        # The low byte of a code says what an extended one says more closely.
        return LATER if getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING else REFUSED


def _report(replica: Replica, *, is_answered: bool) -> int:
    states = [row.state for row in replica.rows.values()]
    for state in sorted(set(states)):
        print(f"{state}: {states.count(state)}")
    wait_ms = replica.link.told_ms - now_ms()
    if wait_ms > 0 and not is_answered:
        print(f"The register said to wait: {-(-wait_ms // 1000)} s.", file=sys.stderr)
    if not is_answered or "queued" in states:
        return LATER
    return REFUSED if {"rejected", "blocked"} & set(states) else DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sync", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser("verify", help="does this receipt hold? works offline")
    verifying.add_argument("receipt", help="the receipt, or the address in its QR code")
    verifying.add_argument("--keys", type=Path, required=True, help="JSON with the public keys")
    sending = commands.add_parser("send", help="send what waits in an outbox, once")
    sending.add_argument("--outbox", type=Path, required=True)
    sending.add_argument("--url", required=True, help="base URL of the register")
    sending.add_argument("--program", action="store_true", help="sign in as a program")
    return parser


if __name__ == "__main__":
    sys.exit(main())
