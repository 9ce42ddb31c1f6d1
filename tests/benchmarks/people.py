"""Owners who are signed in, with documents signed beforehand; TEST DATA throughout."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec

from sync.client import Client
from sync.document import compose, read_document
from sync.keys import new_private_key, public_jwk
from sync.messages import Item
from tests import makers
from tests.benchmarks.load import request
from tests.makers import LOG, SANGKAT_4

PUSH = "/v1/sync/push"
_AT_ONCE = 32


class Owner:
    """A key with premises and a token."""

    def __init__(self, number: int, place: str = SANGKAT_4) -> None:
        self.number = number
        self.place = place
        self.key = new_private_key()
        self.token = ""
        self.account_id = UUID(int=0)
        self.premises_id = UUID(int=0)
        self._seq = 0

    async def enrol(self, url: str) -> None:
        """Register, sign in and declare premises."""
        body = {"jwk": msgspec.to_builtins(public_jwk(self.key)), "capacity": "owner"}
        account = self._compose(
            "account", {**body, "language": "km"}, {"contact": makers.make_contact()}, place=LOG
        )
        premises = self._compose(
            "premises", makers.make_premises(), {"contact": {"owner": {"name": "TEST DATA"}}}
        )
        self.account_id = read_document(account).id
        self.premises_id = read_document(premises).id
        async with Client(url, self.key) as client:
            await client.register(msgspec.json.encode(account))
            await client.sign_in()
            await client.push([msgspec.json.encode(premises)])
            self.token = client._token or ""

    def prepare(self, pushes: int, documents: int = 1) -> list[bytes]:
        """Return requests that push new stays, so many a request."""
        return [
            request("POST", PUSH, self.token, push_body([self._stay() for _ in range(documents)]))
            for _ in range(pushes)
        ]

    def _stay(self) -> Item:
        number = f"T{self.number:04d}{self._seq:06d}"
        disclosed = {
            "identity": makers.make_identity(secondary=f"TEST {number}"),
            "document": makers.make_document(number),
        }
        body = makers.make_stay(self.premises_id)
        return self._compose("stay", body, disclosed, after=[self.premises_id])

    def _compose(self, kind: str, body: object, disclosed: makers.Fields, **frame: object) -> Item:
        self._seq += 1
        payload = {"kind": kind, "log": LOG, "place": self.place, "seq": self._seq, "body": body}
        return compose(self.key, payload | frame, disclosed)


def push_body(items: Sequence[Item]) -> bytes:
    return msgspec.json.encode({"items": items})


async def enrol(count: int, url: str, places: Sequence[str] = (SANGKAT_4,)) -> list[Owner]:
    """Return owners who may push, so many in each of these places in turn."""
    owners = [Owner(number, places[number % len(places)]) for number in range(count)]
    # Fewer at a time than the register has places for them.
    for first in range(0, count, _AT_ONCE):
        await asyncio.gather(*(one.enrol(url) for one in owners[first : first + _AT_ONCE]))
    return owners
