"""What every answer to a hostile request has to be: no defect, and a problem that is explained."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

import httpx

from tests.hostile.values import MARK
from tests.schema.generate import ROOT
from tests.tidy.tree import texts_of

_README: Final = (ROOT / "api" / "README.md").read_text()
DOCUMENTED: Final = set(re.findall(r"^\| *`([a-z.-]+)`", _README, re.MULTILINE))
TEXTS: Final = {language: texts_of(language) for language in ("km", "en", "zh")}


def check_answer(answer: httpx.Response, at: object) -> None:
    """A refusal is a problem without anything of the caller's, and never a defect."""
    assert answer.status_code < 500, (at, answer.text)
    # An answer to HEAD has a status and headers, and no content.
    if answer.status_code < 400 or answer.request.method == "HEAD":
        return
    assert answer.headers["Content-Type"] == "application/problem+json", at
    assert MARK not in answer.text, at
    check_problem(answer.json(), at)
    assert answer.json()["status"] == answer.status_code, at


def check_problem(problem: Any, at: object) -> None:
    """Every code is documented and translated."""
    codes = {problem["code"], *(error["code"] for error in problem.get("errors", []))}
    assert codes <= DOCUMENTED, at
    for language, texts in TEXTS.items():
        assert all(texts.get(f"problem.{code}") for code in codes), (language, codes)


def check_results(results: Iterable[Any]) -> set[str]:
    """Return the custody of each result of a push; what is rejected says why."""
    custodies: set[str] = set()
    for result in results:
        custodies.add(result["custody"])
        if "problem" in result:
            assert MARK not in json.dumps(result["problem"])
            check_problem(result["problem"], result["problem"]["code"])
    return custodies
