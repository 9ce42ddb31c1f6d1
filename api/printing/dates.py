"""Instants on paper: as the clock of Cambodia shows them, in the words of a form; pure."""

from collections.abc import Mapping
from datetime import datetime

from api.facts.dates import khmer_digits
from api.facts.deadlines import PHNOM_PENH
from api.printing.records import Language


def tell_instant(instant: str, words: Mapping[str, str], language: Language) -> str:
    """Return `2026-11-30T17:30:00.000Z` as `1 December 2026, 00:30`, as a phone's receipt does."""
    local = datetime.fromisoformat(instant).astimezone(PHNOM_PENH)
    month = words[f"month.{local.month}"]
    day = words["date.day"].format(day=local.day, month=month, year=local.year)
    told = words["date.day_time"].format(date=day, time=f"{local:%H:%M}")
    return khmer_digits(told) if language == "km" else told
