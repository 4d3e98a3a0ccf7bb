"""The browser app's chores: `python -m tools.web build` (skipped when nothing changed), `check` and `types`."""

import subprocess
import sys
from pathlib import Path

import hatch_build

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run one chore; returns the exit code."""
    if len(arguments) != 1 or arguments[0] not in CHORES:
        print(f"usage: python -m tools.web {'|'.join(CHORES)}", file=sys.stderr)
        return 2
    try:
        _ensure_node()
        CHORES[arguments[0]]()
    except hatch_build.NodeError as error:
        print(f"browser app: {error}", file=sys.stderr)
        return 1
    return 0


def build() -> None:
    """Build the browser app into the package, if its sources have changed."""
    print("Built the browser app" if hatch_build.build_app(ROOT) else "The browser app is up to date", flush=True)


def check() -> None:
    """Type check, lint and unit tests of the browser app, and that its types are those of the API's description."""
    hatch_build.install_packages(ROOT)
    for script in (("api", "--", "--check"), ("check",), ("test",)):
        hatch_build.run_npm(ROOT, "run", "--silent", *script)


def write_types() -> None:
    """Make the types of the API from its description again."""
    hatch_build.install_packages(ROOT)
    hatch_build.run_npm(ROOT, "run", "--silent", "api")


def _ensure_node() -> None:
    """Where the machine has no Node, install the pinned one from PyPI into this environment."""
    if hatch_build.find_node() is None:
        subprocess.run([sys.executable, str(ROOT / "tools/bootstrap.py"), "node"], check=True)


CHORES = {"build": build, "check": check, "types": write_types}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
