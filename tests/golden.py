"""Reads the golden cases of tests/vectors, so that every test of a rule takes them the same way."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "vectors"


def golden(file: str, group: str) -> pytest.MarkDecorator:
    """Run a test once for every case of a group; the case arrives as `case`."""
    cases: list[dict[str, Any]] = json.loads((FOLDER / f"{file}.json").read_bytes())[group]
    assert cases, f"{file}.json has no cases in {group}"
    return pytest.mark.parametrize("case", cases)
