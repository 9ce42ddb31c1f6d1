"""What the terminal shows when the register is up: what to open, with codes that let people in."""

import importlib
import io
from importlib.util import find_spec

from api.register import Register


async def welcome(register: Register) -> str:
    """Return the text."""
    address = f"{register.settings.base_url}/app/"
    return "\n".join([f"Open {address}", *draw_code(address)])


def draw_code(address: str) -> list[str]:
    """Return a QR code in characters, or nothing without the extra [print]."""
    if find_spec("segno") is None:
        return []
    drawn = io.StringIO()
    segno = importlib.import_module("segno")
    segno.make(address, error="l").terminal(drawn, compact=True, border=2)
    return [drawn.getvalue()]
