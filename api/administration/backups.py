"""The operator's calls on backups: who can open them, one made now, how old the last one is."""

from pathlib import Path
from typing import Annotated

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from api.backups.folder import back_up_into, find_newest, waiting_for_turn
from api.backups.making import make_backup
from api.backups.sealing import RECIPIENTS_MAX, NoRecipient, check_recipients
from api.backups.state import read_state
from api.problems import Unprocessable
from api.register import Register
from api.setup.records import Recipients
from api.setup.store import record
from sync.messages import FieldError


class BackingUp(Struct, frozen=True, kw_only=True):
    """An absolute path on this machine, of a file or of a folder that keeps several.

    It is sealed to these public keys; with none it is not sealed at all.
    """

    path: str
    is_folder: bool = False
    recipients: Annotated[tuple[str, ...], Meta(max_length=RECIPIENTS_MAX)]


class BackedUp(Struct, frozen=True):
    """The file that was written, and how many photos are not in it."""

    path: str
    photos_waiting: int = 0


class BackupState(Struct, frozen=True, kw_only=True):
    """To whom backups are sealed, where the server makes them, and when the last one was made."""

    recipients: tuple[str, ...]
    folder: str | None
    newest_at: str | None


class BackupsController(Controller):
    """Copies of everything that a register needs to live again."""

    path = "/backups"

    @get()
    async def show(self, register: NamedDependency[Register]) -> BackupState:
        """Return what is recorded, and the last backup of the server's own folder."""
        state, folder = await read_state(register), register.settings.backups_dir
        newest = find_newest(folder, register.log) if folder else None
        return BackupState(
            recipients=state.recipients,
            folder=str(folder) if folder else None,
            newest_at=newest.isoformat() if newest else None,
        )

    @post()
    async def make(
        self, register: NamedDependency[Register], data: JSONBody[BackingUp]
    ) -> BackedUp:
        """Write one archive; what is committed before the call is in it."""
        target = Path(data.path)
        folder = target if data.is_folder else target.parent
        if not (target.is_absolute() and folder.is_dir()):
            raise Unprocessable("schema", errors=(FieldError("/path", "field.value"),))
        _check(data.recipients)
        if not data.is_folder:
            return BackedUp(str(target), await make_backup(register, target, data.recipients))
        async with waiting_for_turn(target):
            made = await back_up_into(register, target, data.recipients)
        return BackedUp(str(made.path), made.waiting)

    @put("/recipients")
    async def name(
        self, register: NamedDependency[Register], data: JSONBody[Recipients]
    ) -> Recipients:
        """Record to whom backups are sealed from now on, in place of those before."""
        _check(data.recipients)
        async with register.engine.writing() as tx:
            await record(tx, register.log, data, register.clock())
        return data


def _check(recipients: tuple[str, ...]) -> None:
    """Refuse what is no public key, before anything is written."""
    try:
        check_recipients(recipients)
    except NoRecipient as error:
        wrong = FieldError("/recipients", "field.value")
        raise Unprocessable("schema", errors=(wrong,)) from error
