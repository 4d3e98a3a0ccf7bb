"""Fails on what must not be in the repository: one machine's paths, registries' hosts, unfinished work, large files."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.tracked import tracked_files

ROOT = Path(__file__).resolve().parent.parent
SIZE_BYTES = 2_000_000
FORBIDDEN = {
    r"(?<![\w.])/(?:home|Users)/[a-z][\w.-]*/": "a path of one person's machine",
    r"(?<![\w.$}])/(?:root|work)/": "a path of one machine",
    r"(?<![\w.])/tmp/(?!\w*\$)\w+": "a path of one machine; ask the system for a temporary folder",
    r"registry\.npmjs\.org|files\.pythonhosted\.org|pypi\.org/simple": "a registry's host; machines choose their own",
    r"\b(?:TODO|FIXME|XXX|HACK)\b": "unfinished work; finish it or file an issue",
    r"^(?:<{7}|>{7}) ": "a merge conflict",
}
NAMED_ON_PURPOSE = frozenset({"CONVENTIONS.md", "tools/tree.py", "tests/unit/tools/test_tools_tree.py"})
BINARY = frozenset({".png", ".jpg", ".webp", ".ico", ".woff2", ".gz", ".zst", ".parquet", ".pdf", ".warc"})


def main() -> int:
    """Print every find; returns 1 if there is one."""
    problems = [problem for path in tracked_files(ROOT) for problem in problems_of(path, ROOT)]
    print("\n".join(problems) or "tree: clean")
    return min(1, len(problems))


def problems_of(path: Path, root: Path) -> Iterator[str]:
    """What must not be in one file."""
    name = path.relative_to(root).as_posix()
    if (size := path.stat().st_size) > SIZE_BYTES:
        yield f"{name}: {size:,} bytes, at most {SIZE_BYTES:,}; keep large files out of the history."
    if name in NAMED_ON_PURPOSE or path.suffix in BINARY:
        return
    yield from (f"{name}:{find}" for find in finds(path.read_text(encoding="utf-8", errors="replace")))


def finds(text: str) -> Iterator[str]:
    """`line: words: why` for everything forbidden in `text`."""
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, why in FORBIDDEN.items():
            if match := re.search(pattern, line):
                yield f"{number}: {match[0]!r} is {why}."


if __name__ == "__main__":
    sys.exit(main())
