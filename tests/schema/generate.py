"""Writes every generated file anew: `python -m tests.schema.generate`.

Apart from the tests that check their freshness (tests/tidy/test_generated.py), so that both use it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from api.app import create_app
from api.schema.document import write_openapi
from api.settings import Settings
from tests.schema.typescript import list_records

ROOT: Final = Path(__file__).resolve().parents[2]


def list_generated() -> Mapping[Path, str]:
    """Return what each generated file should hold."""
    openapi = ROOT / "api" / "schema" / "openapi.json"
    return {openapi: write_openapi(create_app(Settings())), **list_records()}


def main() -> None:
    for path, text in list_generated().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
