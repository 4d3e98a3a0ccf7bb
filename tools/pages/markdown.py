"""The few pieces of Markdown that the reference pages are made of."""

import inspect
import re
from collections.abc import Iterable, Sequence

_SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Yields|Source|Example|Examples):(?:\s|$)")
_ENTRY = re.compile(r"^(\w+): (.*)$")


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; line ends and bars inside cells are made harmless."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def page(title: str, introduction: str, *parts: str) -> str:
    """A whole page with the note that it is rendered."""
    note = "<!-- Rendered from the code by `make fix`; change the docstrings there. -->"
    return "\n\n".join([note, f"# {title}", introduction, *(part.strip() for part in parts)]).strip() + "\n"


def summary_of(documented: object) -> str:
    """The docstring without its sections: what comes before `Args:`, `Attributes:`, `Source:` and the like."""
    lines = inspect.cleandoc(getattr(documented, "__doc__", None) or "").splitlines()
    end = next((number for number, line in enumerate(lines) if _SECTION.match(line)), len(lines))
    return "\n".join(lines[:end]).strip()


def attributes_of(kind: type) -> dict[str, str]:
    """The entries of the `Attributes:` sections of a class and its bases, its own last."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        found |= _attributes(inspect.cleandoc(base.__dict__.get("__doc__") or ""))
    return found


def one_line(text: str) -> str:
    """`text` with its line ends and runs of blanks as single blanks."""
    return " ".join(text.split())


def _attributes(docstring: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name, is_inside = "", False
    for line in docstring.splitlines():
        if _SECTION.match(line):
            is_inside = line.startswith("Attributes:")
        elif is_inside and (entry := _ENTRY.match(line.removeprefix("    "))):
            name = entry[1]
            found[name] = entry[2]
        elif is_inside and line.strip() and name:
            found[name] += f" {line.strip()}"
    return found


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")
