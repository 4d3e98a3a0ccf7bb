"""Fails on files and functions that have grown too long to be read in one go."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.tracked import tracked_files

ROOT = Path(__file__).resolve().parent.parent
FUNCTION_LINES = 60
FILE_LINES = {".py": 500, ".svelte": 200, ".ts": 500, ".css": 500}
GENERATED = ("web/src/api/openapi.ts",)
LISTS = "src/goldsmith/store/migrations/"  # a migration lists tables and columns: long, but read from top to bottom


def main() -> int:
    """Print every overlong file and function; returns how many there are, at most 1."""
    problems = [problem for path in tracked_files(ROOT) for problem in problems_of(path, ROOT)]
    print("\n".join(problems) or "sizes: every file and function fits")
    return min(1, len(problems))


def problems_of(path: Path, root: Path) -> Iterator[str]:
    """What is too long in one file."""
    limit = FILE_LINES.get(path.suffix)
    name = path.relative_to(root).as_posix()
    if limit is None or name in GENERATED:
        return
    source = path.read_text(encoding="utf-8")
    n_lines = len(source.splitlines())
    if n_lines > limit:
        yield f"{name}: {n_lines} lines, at most {limit}; split it where a piece has a name."
    if path.suffix == ".py" and not name.startswith(LISTS):
        yield from (f"{name}:{problem}" for problem in long_functions(source))


def long_functions(source: str, limit: int = FUNCTION_LINES) -> Iterator[str]:
    """`line: name has so many lines` for each function of `source` above `limit`, its docstring included."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        n_lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if n_lines > limit:
            yield f"{node.lineno}: {node.name} has {n_lines} lines, at most {limit}; extract a piece that has a name."


if __name__ == "__main__":
    sys.exit(main())
