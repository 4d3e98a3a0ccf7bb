"""What commands print: sentences and JSON on standard output, errors and progress on standard error."""

import os
import sys
import traceback
import unicodedata
from collections.abc import Iterable, Sequence
from types import TracebackType

import msgspec

from goldsmith.errors import GoldsmithError
from goldsmith.kit.plurals import counted as counted

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_SHOWN = frozenset("\n\t\u200c\u200d")  # the joiners are part of how some scripts are written


def say(line: str = "") -> None:
    """Print a line of the answer."""
    sys.stdout.write(line + "\n")


def note(line: str) -> None:
    """Print a line beside the answer."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def say_json(value: object) -> None:
    """Print `value` as JSON."""
    say(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def say_rows(rows: Iterable[object]) -> None:
    """Print `{"rows": […]}`."""
    say_json({"rows": list(rows)})


def tell_error(error: GoldsmithError) -> None:
    """Print an error on one line, with the way out."""
    note(f"Error: {one_line(str(error))}")


def tell_unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print an error that nobody foresaw on one line; the trace only for those who ask for it."""
    if os.environ.get("GOLDSMITH_LOG_LEVEL") == "debug":
        traceback.print_exception(kind, error, trace)
    note(
        f"Error: an unexpected {kind.__name__}: {one_line(str(error))}. "
        "Run it again with GOLDSMITH_LOG_LEVEL=debug to see where, and report it."
    )


def printable(text: str) -> str:
    """`text` without what would steer a terminal or turn the reading direction; line ends and tabs stay."""
    return "".join(one if one in _SHOWN or unicodedata.category(one) not in _HIDDEN else "�" for one in text)


def one_line(text: str, width: int | None = None) -> str:
    """`text` on one line, cut to `width` characters."""
    flat = printable(" ".join(text.split()))
    return flat if width is None or len(flat) <= width else flat[: width - 1] + "…"


def say_table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under a heading, in columns."""
    cells = [list(heading), *([printable(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
