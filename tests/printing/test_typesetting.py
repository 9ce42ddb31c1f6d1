"""The forms speak every language, and a missing package is said, not crashed into."""

import pytest

from api.printing import typesetting
from api.printing.typesetting import draw_qr, load_words
from api.problems import PrintingMissing


def test_every_language_has_every_word():
    words = [load_words(language) for language in ("km", "en", "zh")]
    assert words[0].keys() == words[1].keys() == words[2].keys()
    assert all(all(one.values()) for one in words)


def test_a_qr_code_is_drawn_as_svg():
    assert draw_qr("https://register.example/verify#x").startswith("<svg")


def test_without_the_extra_a_problem_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    def refuse(name: str, *more: object) -> object:
        raise ImportError(name, *more)

    monkeypatch.setattr(typesetting.importlib, "import_module", refuse)
    with pytest.raises(PrintingMissing) as caught:
        draw_qr("x")
    assert caught.value.details == {"needs": "pip install sangkat[print]"}
