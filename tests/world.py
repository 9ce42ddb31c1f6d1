"""A small named world over HTTP and a real SQLite file: an owner's phone, an officer, a program.

Every account comes into being as in life: keys register themselves, invitations make officers, the
register signs the accounts of programs, and everybody signs in with an assertion. TEST DATA.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import httpx
import msgspec
from litestar import Litestar

from api.access import Role
from api.app import create_app, open_register
from api.invitations.rules import invite
from api.invitations.store import record_invitation
from api.ledger.group import Sent
from api.ledger.records import Pusher
from api.register import Register
from api.settings import Settings
from sync.document import compose, read_document, uuid7
from sync.keys import new_private_key, public_jwk, thumbprint
from sync.messages import Item
from sync.sign_in import Grant, make_assertion, make_form
from tests import makers
from tests.engines import settings_for
from tests.lifespan import lent, letting_in, running
from tests.makers import LOG, SANGKAT_4, Fields

BASE_URL: Final = "http://127.0.0.1:8000"
START_MS: Final = 1_772_420_400_000  # 2026-03-02T03:00:00Z, ten in the morning in Cambodia
DAY_MS: Final = 86_400_000
SCOPES: Final = ("registrations:read", "registrations:write", "feed:read")


class Clock:
    """The register's clock; it stands still until a test moves it."""

    def __init__(self) -> None:
        self.ms = START_MS

    def __call__(self) -> int:
        return self.ms

    def move(self, *, days: float = 0, minutes: float = 0) -> None:
        self.ms += round(days * DAY_MS + minutes * 60_000)


class Device:
    """A key and what it does over HTTP once it is signed in."""

    def __init__(
        self, http: httpx.AsyncClient, clock: Callable[[], int], grant: Grant = "phone"
    ) -> None:
        self.key = new_private_key()
        self.account_id = uuid7(clock())
        self.verification_code = ""
        self.sent: dict[UUID, Item] = {}
        self._http = http
        self._clock = clock
        self._grant: Grant = grant
        self._seq = 0
        self._token = ""

    @property
    def kid(self) -> str:
        return thumbprint(public_jwk(self.key))

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def register(self, invitation: str | None = None, **contact: Any) -> None:
        """Open an account, an owner's or what the invitation says, and sign in."""
        body: Fields = {
            "jwk": msgspec.to_builtins(public_jwk(self.key)),
            "capacity": "officer" if invitation else "owner",
            "language": "km",
        }
        if invitation:
            body["invitation"] = invitation
        disclosed = {"contact": makers.make_contact(**contact)}
        item = self.compose("account", body, place=LOG, id=self.account_id, disclosed=disclosed)
        registration = {"registration": msgspec.to_builtins(item)}
        answer = expect(await self._http.post("/v1/devices", json=registration))
        self.verification_code = answer["verification_code"]
        await self.sign_in()

    async def sign_in(self) -> None:
        info = (await self._http.get("/v1/sync/info")).json()
        now_ms = self._clock()
        base_url = str(self._http.base_url).removesuffix("/")
        assertion = make_assertion(
            self.key, base_url, info["nonce"], server_ms=now_ms, jti=uuid7(now_ms)
        )
        answer = await self._http.post("/oauth/token", data=make_form(self._grant, assertion))
        self._token = expect(answer)["access_token"]

    async def get(self, path: str, **parameters: Any) -> httpx.Response:
        return await self._http.get(path, params=parameters, headers=self.headers)

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self._http.post(path, json=body, headers={**self.headers, **headers})

    async def read(self, path: str, **parameters: Any) -> Any:
        """Return what a GET answers; it has to succeed."""
        return expect(await self.get(path, **parameters))

    def compose(
        self,
        kind: str,
        body: Fields,
        *,
        disclosed: dict[str, Fields] | None = None,
        revises: tuple[UUID, UUID] | None = None,
        **payload: Any,
    ) -> Item:
        """Sign a document; `revises` is (entity, base) for anything but a first revision."""
        self._seq += 1
        given = {"kind": kind, "log": LOG, "place": SANGKAT_4, "seq": self._seq, "body": body}
        if revises is not None:
            given |= {"entity": revises[0], "base": revises[1]}
        item = compose(self.key, given | payload, disclosed, now_ms=self._clock())
        self.sent[read_document(item).id] = item
        return item

    async def push(self, *items: Item, path: str = "/v1/sync/push") -> list[Fields]:
        """Send items; return one result each."""
        answer = await self.post(path, {"items": msgspec.to_builtins(items)})
        return expect(answer)["results"]

    async def send(self, kind: str, body: Fields, **rest: Any) -> UUID:
        """Compose and push one document that has to be stored; return its id."""
        item = self.compose(kind, body, **rest)
        (result,) = await self.push(item)
        assert result["custody"] == "stored", result
        return UUID(result["id"])

    async def send_premises(self, *, place: str = SANGKAT_4, **changes: Any) -> UUID:
        """Declare premises."""
        body = makers.make_premises(**changes)
        contact = {"owner": {"name": "TEST DATA Owner", "phone": "+85512000001"}}
        return await self.send("premises", body, place=place, disclosed={"contact": contact})

    async def send_stay(
        self,
        premises_id: UUID,
        *,
        place: str = SANGKAT_4,
        identity: Fields | None = None,
        document: Fields | None = None,
        **changes: Any,
    ) -> UUID:
        """Declare a stay, with the specimen's name and document unless others are given."""
        disclosed = {
            "identity": identity or makers.make_identity(),
            "document": document or makers.make_document(),
        }
        body = makers.make_stay(premises_id, **changes)
        return await self.send("stay", body, place=place, disclosed=disclosed, after=[premises_id])

    async def review(
        self, entity: UUID, verdict: str, *reasons: str, revision: UUID | None = None, **rest: Any
    ) -> UUID:
        """Judge the current revision of an entity, or another."""
        body = {"verdict": verdict, "reasons": list(reasons)}
        revises = (entity, revision or entity)
        return await self.send("review", body, revises=revises, after=[revises[1]], **rest)


class World:
    """A register with its people."""

    owner: Device
    officer: Device
    client: Device

    def __init__(self, app: Litestar, http: httpx.AsyncClient, clock: Clock) -> None:
        self.app = app
        self.http = http
        self.clock = clock

    @property
    def register(self) -> Register:
        return self.app.state.register

    async def new_owner(self, *, invitation: str | None = None, **contact: Any) -> Device:
        """A phone that registers itself: an unverified owner, or what the invitation says."""
        device = Device(self.http, self.clock)
        await device.register(invitation, **contact)
        return device

    async def invite(self, role: Role, *places: str) -> str:
        """Return the code of an invitation for a role over places."""
        code, invitation = invite(LOG, role, places, self.clock())
        async with self.register.engine.writing() as tx:
            await record_invitation(tx, invitation)
        return code

    async def new_officer(self, *places: str, role: Role = "officer") -> Device:
        """Somebody who was invited: an officer of a commune, or of another role."""
        return await self.new_owner(
            invitation=await self.invite(role, *places), name=f"TEST DATA {role}"
        )

    async def sign_in_again(self) -> None:
        """Everybody signs in anew, after a time in which tokens ended."""
        for device in (self.owner, self.officer, self.client):
            await device.sign_in()

    async def verify(self, owner: Device) -> None:
        """The officer of the world compares the owner's code."""
        body = {"account_id": str(owner.account_id)}
        await self.officer.send("verification", body, after=[owner.account_id])

    async def new_client(
        self, *places: str, scopes: Sequence[str] = SCOPES, revoked_as: str | None = None
    ) -> Device:
        """A program whose account and rights the register signed, perhaps after its end."""
        device = Device(self.http, self.clock, "program")
        composer = self.register.composer
        if revoked_as is not None:
            body = {"reason": revoked_as, "kid": device.kid}
            await self.submit(composer.compose("revocation", body))
        account = composer.compose(
            "account",
            {
                "jwk": msgspec.to_builtins(public_jwk(device.key)),
                "capacity": "client",
                "language": "en",
            },
            document_id=device.account_id,
            disclosed={"contact": makers.make_contact("TEST DATA Program", "")},
        )
        rights = {
            "account_id": device.account_id,
            "role": "client",
            "places": places,
            "scopes": scopes,
        }
        grant = composer.compose("grant", rights, after=[device.account_id])
        await self.submit(account, grant)
        await device.sign_in()
        return device

    async def submit(self, *items: Item) -> None:
        """Hand documents to the committer as the register itself does."""
        prepared = [self.register.folder.prepare(read_document(item)) for item in items]
        await self.register.committer.submit([Sent(one, Pusher(None)) for one in prepared])


def expect(response: httpx.Response) -> Any:
    """Return the JSON of an answer that has to be a success."""
    assert response.is_success, response.text
    return response.json()


@asynccontextmanager
async def open_world(folder: Path, **settings: Any) -> AsyncIterator[World]:
    """Start a register in a folder, with an owner, and an officer and a program of Sangkat 4."""
    clock = Clock()
    settings = {"is_demo": True, **settings}
    data = await settings_for(folder, base_url=BASE_URL, **settings)
    async with serving(data, clock) as world:
        with letting_in(world.register):
            world.owner = await world.new_owner()
            world.officer = await world.new_officer(SANGKAT_4)
            world.client = await world.new_client(SANGKAT_4)
        yield world


@asynccontextmanager
async def serving(
    settings: Settings, clock: Clock, steady: Clock | None = None
) -> AsyncIterator[World]:
    """Serve a register, and nobody in it yet, by these clocks."""
    opening = partial(open_register, settings, clock, steady)
    is_apart = settings.is_behind_proxy
    own = nullcontext(create_app(settings, opening=opening)) if is_apart else lent(opening)
    with own as app:
        transport = httpx.ASGITransport(cast("Any", app))
        async with running(app), httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            yield World(app, http, clock)
