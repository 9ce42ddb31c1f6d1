"""Reads a CSV table so that no quote that was mistyped hides the rows after it.

Apart from `importing`, which knows what the cells mean.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

from api.commands.outcomes import WRONG_USE, Stopped

# A cell that begins with a quote, and the quote that ends it where one does.
_QUOTED: Final = re.compile(r'(?:\A|,)"((?:[^"]|"")*+)("(?=[,\r\n]|\Z))?')


class Row(NamedTuple):
    """The cells of a row, and the line on which it begins."""

    line: int
    cells: list[str]


def read_table(file: Path) -> Iterator[Row]:
    """Yield the rows that are not empty; raises Stopped, with the line, where one has no end."""
    lines = _read_lines(file)
    # Not strict, a quote that is never closed makes one cell of the rest of the file.
    reader = csv.reader(lines, strict=True)
    while True:
        begin = reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            number, fault = _find_fault("".join(lines[begin : reader.line_num]))
            raise Stopped(f"{file}: line {begin + number}: {fault}", WRONG_USE) from error
        if cells is None:
            return
        if cells:
            yield Row(begin + 1, cells)


def _read_lines(file: Path) -> Sequence[str]:
    try:
        return list(StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
    except OSError as error:
        raise Stopped(f"{file}: {error.strerror}", WRONG_USE) from error
    except UnicodeDecodeError as error:
        raise Stopped(f"{file}: not UTF-8", WRONG_USE) from error


def _find_fault(text: str) -> tuple[int, str]:
    """Return on which line of a row that cannot be read its fault begins, and what it is."""
    size_max = csv.field_size_limit()
    for cell in _QUOTED.finditer(text):
        number = len(list(StringIO(text[: cell.start(1)], newline="")))
        if cell[2] is None:
            return number, "a cell begins with a quote and does not end with one; nothing is taken"
        if len(cell[1]) > size_max:
            return number, f"a cell has more than {size_max} characters; nothing is taken"
    return 1, f"a cell has more than {size_max} characters; nothing is taken"
