"""Gets what the tests need beside Python: a Chromium and a PostgreSQL server. What cannot be had is skipped later."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.browsers import find_chromium
from tools.postgresql import find_postgresql

PATIENCE_S = 600


def main() -> int:
    """Install what is missing where that is possible without asking anybody; always returns 0."""
    wanted = [
        package
        for package, is_there in (("chromium", find_chromium()), ("postgresql", find_postgresql()))
        if not is_there
    ]
    if wanted and _is_debian_root():
        _apt_install(wanted)
    if find_chromium() is None:
        _download_with_playwright()
    print(f"browser tests:    {find_chromium() or 'no Chromium found: they will be skipped'}")
    print(f"PostgreSQL tests: {find_postgresql() or 'no server found: they will be skipped'}", flush=True)
    return 0


def _is_debian_root() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def _apt_install(packages: list[str]) -> None:
    print(f"Installing {' and '.join(packages)} with apt-get", flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
        if _run([*command, "-qq"], quietly) != 0:
            print(f"`{' '.join(command)}` failed.", flush=True)
            return


def _download_with_playwright() -> None:
    print("Downloading Playwright's Chromium", flush=True)
    if _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ)) != 0:
        print("It cannot be downloaded here.", flush=True)


def _run(command: list[str], environment: dict[str, str]) -> int:
    try:
        return subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return 1


if __name__ == "__main__":
    sys.exit(main())
