"""Every setting of the register, read once from flags and environment in `__main__`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

RESTORING: Final = "restoring"
REPLACING: Final = "replacing"
"""What `sangkat restore` unpacks, and what it moves away, while it is at work."""
PORTS: Final = range(65_536)
MOVED: Final = "moved"
"""What the names of folders begin with that hold a file whose register was moved elsewhere."""
UPGRADING: Final = "upgrading"
"""Where `sangkat upgrade` makes the new database."""


class DataTorn(RuntimeError):
    """Parts of a register without its database, or a file in its place that holds none."""


class DataMoved(DataTorn):
    """A folder whose register is in PostgreSQL since `sangkat move`."""


class Settings(Struct, frozen=True, kw_only=True):
    """Where the register keeps its data, what it is called, and how it is reached."""

    data_dir: Path = Path("var")
    #: `postgresql://…`; empty for the SQLite file in the data folder.
    database: str = ""
    log: str = "psh-p-preah-sihanouk"
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    certificate: Path | None = None
    key: Path | None = None
    is_behind_proxy: bool = False
    is_demo: bool = False
    setup_code: str = ""
    #: On which port of this machine the figures are; None where nobody asked for them.
    metrics_port: int | None = None
    is_logging_requests: bool = False
    pwa_dir: Path | None = None
    #: Where the server makes a backup by itself every few minutes.
    backups_dir: Path | None = None
    #: Where the registers of other provinces are: base URL by log.
    registers: Mapping[str, str] = {}

    @property
    def database_path(self) -> Path:
        """The SQLite file that holds log and folded tables."""
        return self.data_dir / "register.sqlite3"

    @property
    def where(self) -> str:
        """What to call the database to a person: an address may hold a password."""
        return "the PostgreSQL database" if self.database else str(self.database_path)

    @property
    def keys_dir(self) -> Path:
        """Where the private keys lie, mode 0600."""
        return self.data_dir / "keys"

    @property
    def blobs_dir(self) -> Path:
        """Where photos lie, for this user alone."""
        return self.data_dir / "blobs"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read what begins with SANGKAT_ (deploy/README.md); raises ValueError.

        An empty base URL follows from the address served; registers are `LOG=URL LOG=URL`.
        """
        return cls(
            data_dir=Path(environ.get("SANGKAT_DATA", "var")),
            database=_read_database(environ.get("SANGKAT_DATABASE", "")),
            base_url=environ.get("SANGKAT_BASE_URL", ""),
            backups_dir=Path(environ["SANGKAT_BACKUPS"])
            if environ.get("SANGKAT_BACKUPS")
            else None,
            registers=dict(map(_read_register, environ.get("SANGKAT_REGISTERS", "").split())),
            metrics_port=_read_port(environ.get("SANGKAT_METRICS_PORT", "")),
            is_logging_requests=environ.get("SANGKAT_LOG_REQUESTS", "") == "1",
        )


def check_whole(settings: Settings) -> None:
    """Raise DataTorn where a register was and its database is not, or is an empty file.

    A new log signed with the old keys would be a second history under the same name.
    """
    database = settings.database_path
    if settings.database:
        is_there = has_keys(settings)
    else:
        is_there = database.exists() and database.stat().st_size > 0
    if is_there:
        return
    for name in (RESTORING, REPLACING):
        if (settings.data_dir / name).exists():
            raise DataTorn(f"a restore of {settings.data_dir} was broken off")
    if has_keys(settings) and not settings.database:
        if is_moved(settings):
            where = "in the PostgreSQL database that SANGKAT_DATABASE has to name"
            raise DataMoved(f"the register of {settings.data_dir} was moved and is {where}")
        state = "is empty" if database.exists() else "is not"
        raise DataTorn(f"{settings.keys_dir} is there and {database} {state}")


def is_moved(settings: Settings) -> bool:
    """Say whether the register was moved away from here, and nothing stands in its place."""
    is_there = bool(settings.database) or settings.database_path.exists()
    return not is_there and any(settings.data_dir.glob(f"{MOVED}-*"))


def is_whole(settings: Settings) -> bool:
    """Say whether a register stands in its place: its database and its keys."""
    return bool(settings.database or settings.database_path.exists()) and has_keys(settings)


def has_keys(settings: Settings) -> bool:
    """Say whether a register ever signed anything here."""
    return any(settings.keys_dir.glob("*.pem"))


def _read_database(text: str) -> str:
    if text and not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("SANGKAT_DATABASE is postgresql://USER@HOST/NAME, or empty for SQLite")
    try:
        urlsplit(text)
    except ValueError as error:
        # What is wrong is not quoted: it may be a part of the password.
        said = "SANGKAT_DATABASE is no address: signs of a password are written as %40 for @"
        raise ValueError(said) from error
    return text


def _read_port(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text[:6]) not in PORTS:
        raise ValueError("SANGKAT_METRICS_PORT holds the number of a port")
    return int(text)


def _read_register(text: str) -> tuple[str, str]:
    log, _, base_url = text.partition("=")
    if not log or not base_url.startswith(("https://", "http://")):
        raise ValueError("SANGKAT_REGISTERS holds LOG=URL, separated by spaces")
    return log, base_url.rstrip("/")
