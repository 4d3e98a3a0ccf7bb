"""The files of the repository, as git knows them."""

import subprocess
from pathlib import Path


def tracked_files(root: Path) -> list[Path]:
    """Every file that is in the repository or would be added to it, sorted; ignored ones are left out.

    A tree without git (an unpacked source archive) has no such list, and is refused.
    """
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout
    paths = (root / name for name in listing.decode("utf-8").split("\0") if name)
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())
