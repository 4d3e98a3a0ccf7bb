"""Folders that appear whole or not at all, and stay."""

import os
from pathlib import Path


def publish(finished: Path, target: Path) -> None:
    """Move a finished folder to `target` on the same file system, durably.

    Raises:
        OSError: `target` is there already and not empty, or the disk refuses.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _ = finished.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
