"""How a command ends: the exit codes of wire.md, and one line that says why."""

from typing import Final

DONE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2
LATER: Final = 75


class Stopped(Exception):
    """The command cannot go on; its text is the one line for the person who typed it."""

    def __init__(self, why: str, exit_code: int = REFUSED) -> None:
        """Say why, and with which code the command ends."""
        super().__init__(why)
        self.exit_code = exit_code
