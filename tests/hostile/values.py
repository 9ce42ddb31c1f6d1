"""What nobody should send, as JSON texts: each stands where a value is expected. TEST DATA."""

import json
from typing import Final

MARK: Final = "H0ST1LE"
_LONG: Final = 100_000

_TEXTS: Final = {
    "empty": "",
    "spaces": "   ",
    "NUL": f"{MARK}\x00",
    "escape sequence": f"{MARK}\x1b[31m",
    "delete": f"{MARK}\x7f",
    "next line": f"{MARK}\x85",
    "right-to-left override": f"{MARK}\u202etxt",
    "isolate": f"{MARK}\u2066",
    "left-to-right mark": f"{MARK}\u200e",
    "zero-width space": f"{MARK}\u200b",
    "byte order mark": f"{MARK}\ufeff",
    "no character": f"{MARK}\uffff",
    "private use": f"{MARK}\ue000",
    "not in normal form": f"{MARK}e\u0301",
    "outside the plane": f"{MARK}\U0001f469\u200d\U0001f4bb",
    "many marks": MARK + "\u0301" * 150,
    "Khmer": "\u1781\u17d2\u1798\u17c2\u179a",
    "long": MARK + "x" * _LONG,
    "SQL": f"{MARK}'; DROP TABLE entries; --",
    "SQL pattern": f"{MARK}%' OR 1=1 --",
    "HTML": f"<script>alert('{MARK}')</script>",
    "path": f"../../../../etc/{MARK}",
    "formula": f"=cmd|' /C {MARK}'!A0",
    "template": f"{{{{7*7}}}}${{7*7}}{MARK}%s%n",
    "address": f"javascript:{MARK}",
    "header": f"{MARK}\r\nSet-Cookie: a=b",
    "UUID": "018f3a10-0000-7000-8000-00000000ffff",
    "no UUID": "{018f3a10-0000-7000-8000-00000000ffff}",
    "day of no calendar": "2026-02-30",
    "year of Buddha": "2569-02-20",
    "last day": "9999-12-31",
    "first day": "0001-01-01",
    "instant": "9999-12-31T23:59:59.999Z",
}
HOSTILE: Final[dict[str, str]] = {
    **{name: json.dumps(text) for name, text in _TEXTS.items()},
    "lone surrogate": f'"{MARK}\\ud800"',
    "null": "null",
    "true": "true",
    "minus one": "-1",
    "a fraction": "0.5",
    "beyond 2^53": "9007199254740993",
    "forty digits": "9" * 40,
    "not finite": "1e999",
    "no number": "NaN",
    "empty list": "[]",
    "empty object": "{}",
    "a list": '["a", 1, null]',
    "an object": '{"__proto__": {"a": 1}, "$ref": "#"}',
    "the same key twice": '{"a": 1, "a": 2}',
    "deep": "[" * 20 + "]" * 20,
    "very deep": "[" * 5_000 + "]" * 5_000,
}
