"""What the terminal shows when the register is up: what to open, with codes that let people in."""

import importlib
import io
from importlib.util import find_spec

from api.demonstration.handing_out import (
    HandOut,
    access_path,
    read_hand_out,
    refresh,
    write_hand_out,
)
from api.register import Register


async def welcome(register: Register) -> str:
    """Return the text; the codes of a demonstration are made anew when they no longer hold."""
    address = f"{register.settings.base_url}/app/"
    lines: list[str] = []
    opened = address
    if not register.committer.gate.is_open:
        lines += _ask_for_setup(register)
    if register.settings.is_demo and access_path(register.settings.data_dir).is_file():
        given = await refresh(register, read_hand_out(register.settings.data_dir))
        write_hand_out(register.settings.data_dir, given)
        lines += _describe(register, given)
        address = _link_owner(register, given)
    return "\n".join([*lines, f"Open {opened}", *draw_code(address)])


def _ask_for_setup(register: Register) -> list[str]:
    return [
        "Nothing is collected before somebody answers for this register: who operates it, on what",
        f"legal basis. Say so at {register.settings.base_url}/setup, or with `sangkat setup`.",
        f"Code for the page: {register.settings.setup_code}",
    ]


def _describe(register: Register, given: HandOut) -> list[str]:
    commune = given.communes[0]
    return [
        "TEST DATA: everybody in this register is invented.",
        f"Owner's phone    {_link_owner(register, given)}",
        f"Officer's phone  {_link(register, commune.officer_invitation)}  ({commune.name})",
        f"Programs         tokens and ids in {access_path(register.settings.data_dir)}",
    ]


def _link_owner(register: Register, given: HandOut) -> str:
    """The code does not tell the app its role: without a word the app expects an officer."""
    return f"{_link(register, given.owner_invitation)}&capacity=owner"


def _link(register: Register, invitation: str) -> str:
    return f"{register.settings.base_url}/app/?invitation={invitation}"


def draw_code(address: str) -> list[str]:
    """Return a QR code in characters, or nothing without the extra [print]."""
    if find_spec("segno") is None:
        return []
    drawn = io.StringIO()
    segno = importlib.import_module("segno")
    segno.make(address, error="l").terminal(drawn, compact=True, border=2)
    return [drawn.getvalue()]
