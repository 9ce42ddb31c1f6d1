"""Sets templates with typst in a thread of its own: one compiler a process, reused."""

import asyncio
import importlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from api.limits import PRINTING_MAX, PRINTING_SECONDS
from api.printing.records import Language, Template
from api.problems import Overloaded, PrintingMissing

_FOLDER: Final = Path(__file__).parent
_CHINESE: Final = "Noto Sans CJK SC"
_thread: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="typesetting")
_turns: Final = asyncio.Semaphore(PRINTING_MAX)


async def typeset(template: Template, language: Language, data: dict[str, Any]) -> bytes:
    """Return a PDF; raises PrintingMissing when the machine lacks typst or a Chinese font.

    Raises Overloaded where so many wait that this one would wait for long.
    """
    if _turns.locked():
        raise Overloaded(retry_after=PRINTING_SECONDS)
    async with _turns:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_thread, _compile, template, language, data)


def _compile(template: Template, language: Language, data: dict[str, Any]) -> bytes:
    typst = _import("typst")
    if language == "zh" and not _has_chinese():
        raise PrintingMissing(details={"needs": "fonts-noto-cjk"})
    given = {**data, "language": language, "words": load_words(language)}
    source = _FOLDER / "templates" / f"{template}.typ"
    compiler = _compiler(typst)
    pdf: bytes = compiler.compile(
        str(source), sys_inputs={"data": msgspec.json.encode(given).decode()}
    )
    return pdf


@cache
def _compiler(typst: Any) -> Any:
    khmer = Path(_import("fontpkg_noto_sans_khmer").__file__).parent / "files"
    return typst.Compiler(root=str(_FOLDER), font_paths=[str(khmer)])


@cache
def _has_chinese() -> bool:
    fonts = _import("typst").Fonts(include_system_fonts=True)
    return any(font.family == _CHINESE for font in fonts.fonts())


@cache
def load_words(language: Language) -> dict[str, str]:
    """Return the words of the forms in a language."""
    words: dict[str, str] = json.loads((_FOLDER / "words" / f"{language}.json").read_text())
    return words


def draw_qr(text: str) -> str:
    """Return a QR code as SVG."""
    file = io.BytesIO()
    _import("segno").make(text, error="m").save(file, kind="svg", border=2, xmldecl=False)
    return file.getvalue().decode()


def _import(name: str) -> Any:
    """Import a package of the extra `print`; the core serves the register without it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise PrintingMissing(details={"needs": "pip install sangkat[print]"}) from error
