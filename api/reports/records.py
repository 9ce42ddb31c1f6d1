"""The lines of a form."""

from msgspec import Struct


class PersonLine(Struct, frozen=True, kw_only=True):
    """One person as a form lists them; empty where nothing is known, the number masked."""

    room: str
    full_name: str
    nationality: str
    sex: str
    born: str
    passport: str
    visa: str
    arrived: str
    holder: str
