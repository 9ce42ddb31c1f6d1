"""Nationalities as passports print them, with their names; apart because they are data, not rules.

Data: countries.tsv. Key: the code ICAO prints (D, RKS, XXA …); the ISO code is accepted for it.
"""

import json
from functools import cache
from importlib.resources import files

from msgspec import Struct

LANGUAGES = ("en", "km", "zh", "vi", "th")


class Country(Struct, frozen=True):
    """One nationality; `iso3` is empty where ISO has none."""

    code: str
    iso3: str
    names: dict[str, str]


@cache
def countries() -> dict[str, Country]:
    """Give all nationalities by the code that passports print."""
    table = files("api.facts").joinpath("countries.tsv").read_text(encoding="utf-8")
    header, *rows = (line.split("\t") for line in table.splitlines())
    records = [dict(zip(header, row, strict=True)) for row in rows]
    return {
        row["mrz_code"]: Country(row["mrz_code"], row["iso3"], {key: row[key] for key in LANGUAGES})
        for row in records
    }


def find_nationality(code: str) -> str | None:
    """Give the code as passports print it, from that or the ISO code (DEU is D, XKX is RKS)."""
    return code if code in countries() else _by_iso3().get(code)


@cache
def _by_iso3() -> dict[str, str]:
    return {country.iso3: country.code for country in countries().values() if country.iso3}


def names_for_the_phone() -> str:
    """Write what pwa/src/facts/countries.json holds: code to names, in the order of LANGUAGES."""
    names = {code: [*country.names.values()] for code, country in sorted(countries().items())}
    lines = [
        f"{json.dumps(code)}: {json.dumps(row, ensure_ascii=False)}" for code, row in names.items()
    ]
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"
