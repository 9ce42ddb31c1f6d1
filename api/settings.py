"""Every setting of the register, read once from flags and environment in `__main__`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

RESTORING: Final = "restoring"
REPLACING: Final = "replacing"
"""What `sangkat restore` unpacks, and what it moves away, while it is at work."""


class DataTorn(RuntimeError):
    """Parts of a register without its database, or a file in its place that holds none."""


class Settings(Struct, frozen=True, kw_only=True):
    """Where the register keeps its data, what it is called, and how it is reached."""

    data_dir: Path = Path("var")
    log: str = "psh-p-preah-sihanouk"
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    certificate: Path | None = None
    key: Path | None = None
    is_behind_proxy: bool = False
    is_demo: bool = False
    setup_code: str = ""
    pwa_dir: Path | None = None
    #: Where the registers of other provinces are: base URL by log.
    registers: Mapping[str, str] = {}

    @property
    def database_path(self) -> Path:
        """The SQLite file that holds log and folded tables."""
        return self.data_dir / "register.sqlite3"

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
        """Read SANGKAT_DATA, SANGKAT_BASE_URL and SANGKAT_REGISTERS; raises ValueError.

        An empty base URL follows from the address served; registers are `LOG=URL LOG=URL`.
        """
        return cls(
            data_dir=Path(environ.get("SANGKAT_DATA", "var")),
            base_url=environ.get("SANGKAT_BASE_URL", ""),
            registers=dict(map(_read_register, environ.get("SANGKAT_REGISTERS", "").split())),
        )


def check_whole(settings: Settings) -> None:
    """Raise DataTorn where a register was and its database is not, or is an empty file.

    A new log signed with the old keys would be a second history under the same name.
    """
    database = settings.database_path
    if database.exists() and database.stat().st_size:
        return
    for name in (RESTORING, REPLACING):
        if (settings.data_dir / name).exists():
            raise DataTorn(f"a restore of {settings.data_dir} was broken off")
    if any(settings.keys_dir.glob("*.pem")):
        state = "is empty" if database.exists() else "is not"
        raise DataTorn(f"{settings.keys_dir} is there and {database} {state}")


def is_whole(settings: Settings) -> bool:
    """Say whether a register stands in its place: its database and its keys."""
    return settings.database_path.exists() and any(settings.keys_dir.glob("*.pem"))


def _read_register(text: str) -> tuple[str, str]:
    log, _, base_url = text.partition("=")
    if not log or not base_url.startswith(("https://", "http://")):
        raise ValueError("SANGKAT_REGISTERS holds LOG=URL, separated by spaces")
    return log, base_url.rstrip("/")
