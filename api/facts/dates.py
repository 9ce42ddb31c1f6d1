"""Dates as people know and type them: partial, Khmer, Buddhist; apart so no form invents a rule.

Twin: pwa/src/facts/dates.ts. Golden cases: tests/vectors/dates.json.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from api.facts.values import fold_digits, strip_zero_width

BUDDHIST_FROM = 2400
_EARLIEST_YEAR = 1850
_OLDEST_AGE = 120
_EXPIRY_YEARS_BACK, _EXPIRY_YEARS_AHEAD = 20, 30

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_SEPARATORS = re.compile(r"[-/.\s]+")

KHMER_MONTHS = (
    "មករា",
    "កុម្ភៈ",
    "មីនា",
    "មេសា",
    "ឧសភា",
    "មិថុនា",
    "កក្កដា",
    "សីហា",
    "កញ្ញា",
    "តុលា",
    "វិច្ឆិកា",
    "ធ្នូ",
)
_TO_KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")


class KnownDate(Struct, frozen=True, tag="date", tag_field="reading"):
    """A date as typed: `2022-09-24`, or `2022-09` or `2022` where only so much is known."""

    value: str


class AskYear(Struct, frozen=True, tag="ask", tag_field="reading"):
    """The year is Buddhist: the person says which of the candidates is meant, nobody guesses."""

    candidates: tuple[str, ...]


class NoDate(Struct, frozen=True, tag="none", tag_field="reading"):
    """What was typed is no date of the calendar; `code` names the part to look at."""

    code: Literal["year", "month", "day", "form"]


DateReading = KnownDate | AskYear | NoDate


def read_date(day: str, month: str, year: str) -> DateReading:
    """Read the three boxes of a date; day, or day and month, may stay empty.

    A Buddhist year is 543 more than ours, 544 in Cambodia from Visakh Bochea (April or May) on.
    """
    parts = [fold_digits(strip_zero_width(part)).strip() for part in (year, month, day)]
    if not _NUMBER.fullmatch(parts[0]):
        return NoDate("year")
    number = int(parts[0])
    years = (number - 543, number - 544) if number >= BUDDHIST_FROM else (number,)
    readings = [_read_parts(candidate, parts[1], parts[2]) for candidate in years]
    known = tuple(reading.value for reading in readings if isinstance(reading, KnownDate))
    if len(years) > 1 and known:
        return AskYear(known)
    return readings[0]


def read_typed_date(text: str) -> DateReading:
    """Read a date typed into one field: `24/9/2022`, `9.2022`, `2022`, `2022-09-24`."""
    parts = _SEPARATORS.split(fold_digits(strip_zero_width(text)).strip())
    if not all(_NUMBER.fullmatch(part) for part in parts) or len(parts) > len("dmy"):
        return NoDate("form")
    if len(parts[0]) > len("24"):
        parts.reverse()
    day, month, year = ["", "", *parts][-3:]
    return read_date(day, month, year)


def _read_parts(year: int, month: str, day: str) -> KnownDate | NoDate:
    if not _EARLIEST_YEAR <= year < BUDDHIST_FROM:
        return NoDate("year")
    if not month and not day:
        return KnownDate(f"{year:04}")
    if not _is_between(month, 1, len(KHMER_MONTHS)):
        return NoDate("month")
    if day and not _is_between(day, 1, monthrange(year, int(month))[1]):
        return NoDate("day")
    return KnownDate(
        "-".join([f"{year:04}", *(f"{int(part):02}" for part in (month, day) if part)])
    )


def _is_between(text: str, first: int, last: int) -> bool:
    return _NUMBER.fullmatch(text) is not None and first <= int(text) <= last


@lru_cache(maxsize=4_096)
def is_partial_date(text: str) -> bool:
    """Tell whether the text is `1990`, `1990-05` or `1990-05-12` of the real calendar."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        return False
    year, month, day = match.groups()
    return isinstance(_read_parts(int(year), month or "", day or ""), KnownDate)


def is_full_date(text: str) -> bool:
    """Tell whether the text is a whole date of the real calendar."""
    return len(text) == len("1990-05-12") and is_partial_date(text)


def earliest_day(partial: str) -> date:
    """Give the first day that a partial date may mean."""
    year, month, day = [*map(int, partial.split("-")), 1, 1][:3]
    return date(year, month, day)


def latest_day(partial: str) -> date:
    """Give the last day that a partial date may mean."""
    year, month = [*map(int, partial.split("-")), 12][:2]
    if len(partial) == len("1990-05-12"):
        return date.fromisoformat(partial)
    return date(year, month, monthrange(year, month)[1])


def years_after(day: date, years: int) -> date:
    """Give the same day of another year; 29 February becomes 28 February where there is none."""
    last = monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


def is_plausible_birth(partial: str, today: date) -> bool:
    """Tell whether somebody alive today may have been born then."""
    oldest = years_after(today, -_OLDEST_AGE)
    return oldest <= latest_day(partial) and earliest_day(partial) <= today


def is_plausible_expiry(day: date, today: date) -> bool:
    """Tell whether a paper seen today may expire then: 20 years back to 30 years ahead."""
    first, last = years_after(today, -_EXPIRY_YEARS_BACK), years_after(today, _EXPIRY_YEARS_AHEAD)
    return first <= day <= last


def format_khmer_date(partial: str) -> str:
    """Write a date in the long Khmer form, as far as it is known."""
    year, month, day = [*partial.split("-"), "", ""][:3]
    words = [
        f"ថ្ងៃទី{int(day)}" if day else "",
        f"ខែ{KHMER_MONTHS[int(month) - 1]}" if month else "",
        f"ឆ្នាំ{year}",
    ]
    return khmer_digits(" ".join(filter(None, words)))


def khmer_digits(text: str) -> str:
    """Write the digits of a text in Khmer."""
    return text.translate(_TO_KHMER_DIGITS)
