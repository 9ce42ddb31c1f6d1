"""The order of the demonstration, so that a deadline runs whatever day it is."""

from datetime import date, timedelta
from typing import Any, Final

from api.demonstration.calendar import STORY_DAYS, due_at

_TITLE: Final = {
    "km": "ទិន្នន័យសាកល្បង៖ បទបញ្ជាឱ្យរាយការណ៍ជនបរទេសនៅតាមទីតាំង",
    "en": "TEST DATA: order to report the foreigners at every premises",
    "zh": "测试数据：申报各场所内的外国人的命令",
}
_BASIS: Final = {
    "km": "ទិន្នន័យសាកល្បង៖ គ្មានមូលដ្ឋានច្បាប់ទេ។",
    "en": "TEST DATA: without a legal basis.",
    "zh": "测试数据：无法律依据。",
}


def describe(log: str, today: date) -> dict[str, Any]:
    """Return the body of an order that everybody in the province has three more days for."""
    return {
        "title": _TITLE,
        "legal_basis": _BASIS,
        "issued_on": (today - timedelta(days=STORY_DAYS)).isoformat(),
        "deadline_at": due_at(today),
        "places": [log],
        "pledge_text_id": "psh-2022-short",
        "reattest_every_days": 30,
    }
