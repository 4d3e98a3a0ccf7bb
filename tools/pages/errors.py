"""docs/errors.md: every error with its code, HTTP status and exit code."""

from collections.abc import Iterator

from goldsmith.errors import GoldsmithError
from tools.pages.markdown import page, summary_of, table

INTRODUCTION = """\
Everything that Goldsmith refuses on purpose has a stable code, which never changes its meaning. Over HTTP it is a
problem document (`application/problem+json`) with `code`, `status`, `title`, `detail` and, where it helps, a `hint`;
fields that do not fit are listed in `errors` with their paths. On the command line it is one line and the exit code; in
Python it is the class."""

HEADING = ("code", "HTTP status", "exit code", "class", "when")


def render() -> str:
    """The page."""
    rows = [
        (f"`{kind.code}`", str(kind.status), str(kind.exit_code), f"`{kind.__name__}`", summary_of(kind))
        for kind in error_classes()
    ]
    return page("Errors", INTRODUCTION, table(HEADING, rows))


def error_classes(root: type[GoldsmithError] = GoldsmithError) -> Iterator[type[GoldsmithError]]:
    """Every class of the tree, parents before children, in the order of the file."""
    yield root
    for kind in root.__subclasses__():
        if kind.__module__ == root.__module__:
            yield from error_classes(kind)
