"""The browser app's chores: `python -m tools.web build` (skipped when nothing changed) and `check`."""

import json
import subprocess
import sys
from pathlib import Path

import hatch_build

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ("check", "test")


def main(arguments: list[str]) -> int:
    """Run one chore; returns the exit code."""
    if arguments not in (["build"], ["check"]):
        print("usage: python -m tools.web build|check", file=sys.stderr)
        return 2
    try:
        _ensure_node()
        if arguments == ["build"]:
            print(
                "Built the browser app" if hatch_build.build_app(ROOT) else "The browser app is up to date", flush=True
            )
        else:
            check()
    except hatch_build.NodeError as error:
        print(f"browser app: {error}", file=sys.stderr)
        return 1
    return 0


def check() -> None:
    """Type check, lint and unit tests of the browser app."""
    hatch_build.install_packages(ROOT)
    scripts: dict[str, str] = json.loads((ROOT / "web/package.json").read_text())["scripts"]
    for name in CHECKS:
        if name not in scripts:
            raise hatch_build.NodeError(f"web/package.json has no script {name!r}.")
        hatch_build.run_npm(ROOT, "run", "--silent", name)


def _ensure_node() -> None:
    """Where the machine has no Node, install the pinned one from PyPI into this environment."""
    if hatch_build.find_node() is None:
        subprocess.run([sys.executable, str(ROOT / "tools/bootstrap.py"), "node"], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
