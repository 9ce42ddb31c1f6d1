"""Every setting of the register, read once from flags and environment in `__main__`."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct


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

    @property
    def database_path(self) -> Path:
        """The SQLite file that holds log and folded tables."""
        return self.data_dir / "register.sqlite3"

    @property
    def keys_dir(self) -> Path:
        """Where the private keys lie, mode 0600."""
        return self.data_dir / "keys"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read SANGKAT_DATA and SANGKAT_BASE_URL (empty: it follows from the address served)."""
        return cls(
            data_dir=Path(environ.get("SANGKAT_DATA", "var")),
            base_url=environ.get("SANGKAT_BASE_URL", ""),
        )
