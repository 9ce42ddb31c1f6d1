"""Reads the golden files; named cases become named tests."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

FOLDER: Final = Path(__file__).parents[1] / "vectors"


def read_vectors(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_bytes())


def each(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    """Run a test once a case, under the case's name."""
    named = [pytest.param(case, id=case.get("name")) for case in cases]
    return pytest.mark.parametrize("case", named)
