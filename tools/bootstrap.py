"""Makes `.venv` and installs into it: `python tools/bootstrap.py run|dev|node`. Needs only the standard library.

Each step leaves a stamp in `.venv` with the digest of what it installed, so a second call does nothing.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
VENV_PYTHON = VENV_BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)


def main(arguments: list[str]) -> int:
    """Install the named set of requirements; returns the exit code."""
    known = ("run", "dev", "node")
    if len(arguments) != 1 or arguments[0] not in known:
        return _fail(f"usage: python tools/bootstrap.py {'|'.join(known)}")
    if sys.version_info < OLDEST:
        return _fail(f"Goldsmith needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    try:
        make_venv()
        install(arguments[0])
    except subprocess.CalledProcessError as error:
        return _fail(f"`{' '.join(error.cmd[:6])} …` ended with code {error.returncode}; its words are above.")
    except BootstrapError as error:
        return _fail(str(error))
    return 0


class BootstrapError(Exception):
    """Raised when the environment cannot be made; the message says which command helps."""


def make_venv() -> None:
    """Make `.venv` with pip in it, unless a working one is there."""
    if _works(VENV_PYTHON, "import pip, sys; sys.exit(sys.version_info < (3, 11))"):
        return
    if VENV.exists():
        print(f"The environment in {VENV.name} does not work any more: making a new one.", flush=True)
        shutil.rmtree(VENV)
    print(f"Making {VENV.name} with Python {sys.version.split()[0]} ({sys.executable})", flush=True)
    if importlib.util.find_spec("ensurepip") is None and not _install_ensurepip():
        _make_venv_with_outer_pip()
        return
    _run([sys.executable, "-m", "venv", str(VENV)])


def install(name: str) -> None:
    """Install `requirements/NAME.txt` with hashes, then (not for `node`) Goldsmith itself, editable."""
    requirements = ROOT / "requirements" / f"{name}.txt"
    title = {"run": "what Goldsmith needs", "dev": "what the tests need", "node": "Node.js"}[name]
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    # Half the time: the files name all that is needed, so nothing is to be resolved, and Python compiles at its import
    # the third of it that is ever imported.
    with_hashes = [*pip, "--no-deps", "--no-compile", "--require-hashes", "--requirement", str(requirements)]
    _once(f"requirements-{name}", [requirements], f"Installing {title}", with_hashes)
    if name != "node":
        editable = [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
        _once("goldsmith", [ROOT / "pyproject.toml"], "Installing Goldsmith itself", editable)


def _once(stamp_name: str, inputs: list[Path], title: str, command: list[str]) -> None:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()
    stamp = VENV / f".stamp-{stamp_name}"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    print(title, flush=True)
    _run(command)
    stamp.write_text(digest)


def _install_ensurepip() -> bool:
    """On Debian the module that puts pip into an environment is a package of its own; root can add it."""
    if not _is_root() or shutil.which("apt-get") is None:
        return False
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    print(f"Installing {package}, which this Python needs to make environments", flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", package]):
        if subprocess.run(command, env=quietly, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            return False
    return True


def _make_venv_with_outer_pip() -> None:
    """Without `ensurepip`, the pip of the outer Python can still install a pip into a bare environment."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("pip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise BootstrapError(
            f"this Python ({sys.executable}) cannot make environments: its `venv` module is incomplete.\n"
            f"Run `sudo apt-get install python{version}-venv` (Debian, Ubuntu), then the same command again."
        )
    _run([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    _run([sys.executable, "-m", "pip", "--python", str(VENV_PYTHON), "install", "--quiet", "pip"])


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _works(python: Path, code: str) -> bool:
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


def _fail(message: str) -> int:
    print(f"goldsmith setup: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
