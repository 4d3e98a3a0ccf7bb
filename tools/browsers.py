"""Finds a Chromium that the browser tests can drive."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium() -> Path | None:
    """The program to start: `$CHROMIUM`, one on the PATH, a macOS application, or Playwright's own download."""
    named = os.environ.get("CHROMIUM")
    on_path = [shutil.which(name) for name in ((named,) if named else NAMES)]
    candidates = [*filter(None, on_path), *APPLICATIONS, *_playwright_downloads()]
    return next((path for path in map(Path, candidates) if os.access(path, os.X_OK) and path.is_file()), None)


def _playwright_downloads() -> list[str]:
    caches = [Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright"]
    if chosen := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        caches.insert(0, Path(chosen))
    patterns = (
        "chromium-*/chrome-linux*/chrome",
        "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
        "chromium_headless_shell-*/chrome-headless-shell-*/chrome-headless-shell",
    )
    return [str(path) for cache in caches for pattern in patterns for path in sorted(cache.glob(pattern), reverse=True)]
