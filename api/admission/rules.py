"""Whose rate a request counts for, what kind of work it is, and what is left of a rate: pure."""

import hashlib
import hmac
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final, Literal

from api.limits import Rate

Work = Literal["entering", "public", "reading", "writing", "unbounded"]
_HOUSEHOLD_BITS: Final = 64
_HOLDER_BYTES: Final = 16
#: A load balancer or operator must hear from a busy register that it is busy, not dead.
_UNBOUNDED: Final = frozenset({"health.live", "health.ready"})
_ENTERING: Final = frozenset({"devices.register", "setup", "sync.info", "token.issue"})
_WRITING: Final = frozenset({"communes.push", "devices.revoke", "quarantine.judge", "sync.push"})


def work_of(operation: str, *, is_public: bool) -> Work:
    """Return the kind of work that an operation is; each kind has places of its own."""
    if operation in _UNBOUNDED:
        return "unbounded"
    if operation in _ENTERING:
        return "entering"
    if is_public:
        return "public"
    is_write = operation in _WRITING or operation.endswith(".write")
    return "writing" if is_write and operation != "print.write" else "reading"


def find_household(address: str) -> str:
    """Return what is counted as one: an IPv4 address, or the /64 that one line of IPv6 gets."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, _HOUSEHOLD_BITS), strict=False))


def hide(address: str, secret: bytes) -> bytes:
    """Return under what an address is counted: nobody reads it from a database or a backup."""
    return hmac.digest(secret, find_household(address).encode(), hashlib.sha256)[:_HOLDER_BYTES]


def grant(rate: Rate, asked: int, used: int) -> int:
    """Return how many of those asked for are within the rate; `used` counts them already."""
    return max(0, min(asked, rate.count_max - (used - asked)))
