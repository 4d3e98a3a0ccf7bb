"""Fails on broad catches: `except Exception` belongs at the request edge, in the job loop and in the writer thread.

The writer thread hands what it caught back to the caller whose work it ran. A handler that ends in a bare `raise`
catches nothing, so it is allowed anywhere.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tools.tracked import tracked_files

ROOT = Path(__file__).resolve().parent.parent
BROAD = frozenset({"Exception", "BaseException"})
ALLOWED = {"src/goldsmith/server/": 1, "src/goldsmith/worker": 1, "src/goldsmith/store/writers.py": 1}


def main() -> int:
    """Print every broad catch beyond the allowed ones; returns 1 if there is one."""
    sources = (path for path in tracked_files(ROOT / "src") if path.suffix == ".py")
    found = [
        (path.relative_to(ROOT).as_posix(), line)
        for path in sources
        for line in broad_catches(path.read_text(encoding="utf-8"))
    ]
    problems = beyond_the_allowed(found)
    print("\n".join(problems) or "catches: none is broader than allowed")
    return min(1, len(problems))


def broad_catches(source: str) -> Iterator[int]:
    """Lines of the handlers in `source` that catch everything and do not raise it again."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _re_raises(node):
            yield node.lineno


def beyond_the_allowed(found: list[tuple[str, int]]) -> list[str]:
    """A message for each of the `(file, line)` catches that no allowance covers."""
    used: Counter[str] = Counter()
    problems: list[str] = []
    for name, line in found:
        place = next((prefix for prefix in ALLOWED if name.startswith(prefix)), None)
        if place is not None and used[place] < ALLOWED[place]:
            used[place] += 1
            continue
        problems.append(f"{name}:{line}: catches everything; catch what this place can cure, or let it pass.")
    return problems


def _is_broad(caught: ast.expr | None) -> bool:
    match caught:
        case None:
            return True
        case ast.Name(id=name):
            return name in BROAD
        case ast.Tuple(elts=several):
            return any(_is_broad(one) for one in several)
        case _:
            return False


def _re_raises(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


if __name__ == "__main__":
    sys.exit(main())
