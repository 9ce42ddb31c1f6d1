"""Reads the gazetteer that is shipped with the program."""

import csv
from functools import cache
from pathlib import Path
from typing import Final

from api.places.records import Places
from api.places.rules import read_gazetteer

_GAZETTEER: Final = Path(__file__).parent / "gazetteer-18.tsv"


@cache
def load_places() -> Places:
    """Return the places of the province."""
    with _GAZETTEER.open(encoding="utf-8", newline="") as file:
        return read_gazetteer(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
