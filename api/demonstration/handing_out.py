"""What a visitor of the demonstration is given: codes and tokens for every role and commune."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.access import Role
from api.administration.accounts import Issuing, make_token
from api.demonstration.households import Household
from api.demonstration.phones import Phone
from api.invitations.issuing import make_invitation
from api.invitations.rules import opens, read_code
from api.invitations.store import find_invitation
from api.ledger.reading_store import find_positions
from api.orders.store import list_orders
from api.register import Register

_PRIVATE: Final = 0o600
_SAMPLE: Final = 50
_PROGRAM: Final = ("registrations:read", "registrations:write", "feed:read")


class Commune(Struct, frozen=True):
    """A commune, the code for its officer's phone, and some of its premises."""

    place_id: str
    name: str
    officer_invitation: str
    premises: tuple[UUID, ...]


class HandedToken(Struct, frozen=True):
    """A token; `scope` is a list with spaces between, empty for people."""

    role: Role
    place_id: str
    scope: str
    token: str


class HandOut(Struct, frozen=True):
    """The content of `demo-access.json` (wire.md)."""

    url: str
    register: str
    orders: tuple[UUID, ...]
    communes: tuple[Commune, ...]
    owner_invitation: str
    tokens: tuple[HandedToken, ...]


def access_path(data_dir: Path) -> Path:
    """Return where the file lies."""
    return data_dir / "demo-access.json"


def read_hand_out(data_dir: Path) -> HandOut:
    """Return what was handed out when the demonstration was made."""
    return msgspec.json.decode(access_path(data_dir).read_bytes(), type=HandOut)


def write_hand_out(data_dir: Path, given: HandOut) -> None:
    """Write the file for its owner's eyes, whole or not at all."""
    path = access_path(data_dir)
    written = path.with_suffix(".new")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(given)))
    written.replace(path)


async def hand_out(
    register: Register, households: Sequence[Household], officers: Mapping[str, Phone]
) -> HandOut:
    """Make invitations, and a token for every role and commune."""
    premises = _sort_premises(households)
    places = sorted(officers, key=lambda place: -len(premises.get(place, ())))
    names = {place.place_id: place.name_latin for place in register.places.communes}
    communes = [
        Commune(
            place,
            names[place],
            (await make_invitation(register, "officer", (place,))).code,
            tuple(premises.get(place, ()))[:_SAMPLE],
        )
        for place in places
    ]
    async with register.engine.reading() as tx:
        orders = await list_orders(tx, register.log)
    return HandOut(
        url=register.settings.base_url,
        register=register.register_id,
        orders=tuple(known.id for known in reversed(orders)),
        communes=tuple(communes),
        owner_invitation=(await make_invitation(register, "owner", ())).code,
        tokens=tuple(
            [
                await _make_token(register, place, issuing)
                for place, issuing in (
                    *_list_wanted(places, households, officers),
                    *_list_above(register),
                )
            ]
        ),
    )


async def refresh(register: Register, given: HandOut) -> HandOut:
    """Return the same for the address served now, with new codes for those used or expired."""
    communes = [
        replace(
            commune,
            officer_invitation=await _renew(
                register, commune.officer_invitation, "officer", (commune.place_id,)
            ),
        )
        for commune in given.communes
    ]
    owner = await _renew(register, given.owner_invitation, "owner", ())
    url = register.settings.base_url
    return replace(given, url=url, communes=tuple(communes), owner_invitation=owner)


async def _renew(register: Register, code: str, role: Role, places: tuple[str, ...]) -> str:
    handle, secret = read_code(code) or ("", "")
    async with register.engine.reading() as tx:
        known = await find_invitation(tx, register.log, handle)
        used = await find_positions(
            tx, register.log, [known.invitation_id] if known is not None else []
        )
    holds = known is not None and opens(known, secret, register.clock()) and not used
    return code if holds else (await make_invitation(register, role, places)).code


def _sort_premises(households: Sequence[Household]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for household in households:
        for home in household.homes:
            found.setdefault(home.place, []).append(home.id)
    return found


async def _make_token(register: Register, place: str, issuing: Issuing) -> HandedToken:
    issued = await make_token(register, issuing)
    return HandedToken(issued.role, place, " ".join(issued.scopes), issued.token)


def _list_wanted(
    places: Sequence[str], households: Sequence[Household], officers: Mapping[str, Phone]
) -> Iterator[tuple[str, Issuing]]:
    """Return what each commune gets: tokens of its officer, an owner of the story, a program."""
    owners = {household.place: household.phone for household in reversed(households)}
    for place in places:
        yield place, Issuing(account_id=officers[place].account_id)
        if place in owners:
            yield place, Issuing(account_id=owners[place].account_id)
        name = f"TEST DATA program of {place}"
        yield place, Issuing(places=(place,), scopes=_PROGRAM, name=name)


def _list_above(register: Register) -> Iterator[tuple[str, Issuing]]:
    """Return what those get who watch several communes, and a program that carries for others."""
    for place in register.places.by_id.values():
        if place.level == "district":
            yield place.place_id, _watch("district", place.place_id)
    above: tuple[Role, ...] = ("province", "analyst", "auditor")
    for role in above:
        yield register.log, _watch(role, register.log)
    everywhere = (*_PROGRAM, "relay")
    yield register.log, Issuing(places=(register.log,), scopes=everywhere, name="TEST DATA relay")


def _watch(role: Role, place: str) -> Issuing:
    return Issuing(role=role, places=(place,), name=f"TEST DATA {role}")
