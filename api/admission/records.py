"""What all processes know of a rate, and what one of them holds of it."""

from msgspec import Struct

from api.limits import Rate


class Lease(Struct, frozen=True):
    """So many uses are granted, until this instant of the register's clock."""

    granted: int
    ends_ms: int


class Purse(Struct, eq=False):
    """What one process may still let pass for one holder without asking."""

    rate: Rate
    holder: bytes
    left: int
    ends_ms: int
    is_spent: bool = False

    def take(self) -> bool:
        """Use one; return False when there is none."""
        if self.left <= 0:
            return False
        self.left -= 1
        return True

    def put_in(self, lease: Lease) -> None:
        """Keep what was granted; nothing means that the rate is used up until the end."""
        self.left += lease.granted
        self.ends_ms = lease.ends_ms
        self.is_spent = not lease.granted
