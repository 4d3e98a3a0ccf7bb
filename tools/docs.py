"""Renders what is derived from the code, above all the reference pages: `python -m tools.docs write` or `check`."""

import sys
from collections.abc import Callable
from pathlib import Path

from tools.pages import api, cli, errors, plugins, sdk, settings

ROOT = Path(__file__).resolve().parent.parent
PAGES: dict[str, Callable[[], str]] = {
    "docs/api.md": api.render,
    "docs/cli.md": cli.render,
    "docs/errors.md": errors.render,
    "docs/plugins.md": plugins.render,
    "docs/sdk.md": sdk.render,
    "docs/settings.md": settings.render,
    "web/openapi.json": api.render_description,
}


def main(arguments: list[str]) -> int:
    """Write or check the pages; returns the exit code."""
    match arguments:
        case ["write"]:
            for name, render in PAGES.items():
                (ROOT / name).write_text(render(), encoding="utf-8")
            return 0
        case ["check"]:
            stale = [name for name, render in PAGES.items() if not is_up_to_date(name, render)]
            print(
                "\n".join(f"{name} is not what the code says: `make fix` renders it." for name in stale) or "docs: ok"
            )
            return min(1, len(stale))
        case _:
            print("usage: python -m tools.docs write|check", file=sys.stderr)
            return 2


def is_up_to_date(name: str, render: Callable[[], str]) -> bool:
    """Whether the committed page is what its renderer says now."""
    path = ROOT / name
    return path.is_file() and path.read_text(encoding="utf-8") == render()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
