"""A PostgreSQL server of one's own for a while: found, started on a free loopback port, stopped and removed."""

import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

PLACES = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian, Ubuntu
    ("/usr", "pgsql-*/bin"),  # Fedora, RHEL
    ("/opt/homebrew/opt", "postgresql*/bin"),
    ("/usr/local/opt", "postgresql*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
)
UNPRIVILEGED = ("postgres", "nobody")
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Cluster(NamedTuple):
    """A running server: where it listens, and the process to measure."""

    url: str
    pid: int


class _Place(NamedTuple):
    programs: Path
    folder: Path
    user: str | None


def find_postgresql() -> Path | None:
    """The folder with `initdb` and `pg_ctl` of the newest server installed here, or None."""
    folders = [folder for root, pattern in PLACES for folder in Path(root).glob(pattern)]
    folders.sort(key=_major_version, reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if all((folder / name).exists() for name in ("initdb", "pg_ctl"))), None)


@contextmanager
def throwaway_cluster(programs: Path, *, is_durable: bool = False) -> Generator[Cluster]:
    """A new server with one superuser, reachable by its password on 127.0.0.1 alone; gone when the block ends.

    Args:
        programs: the folder that `find_postgresql` found.
        is_durable: commits wait for the disk, as in production; tests need not.
    """
    folder = Path(tempfile.mkdtemp(prefix="goldsmith-postgresql-"))
    place = _Place(programs, folder, _server_user())
    password = secrets.token_urlsafe(24)
    try:
        password_file = folder / "password"
        password_file.write_text(password)
        if place.user is not None:
            for path in (folder, password_file):
                shutil.chown(path, place.user)
        _initialise(place)
        password_file.unlink()
        port = free_port()
        _pg_ctl(place, "start", _options(port, is_durable=is_durable))
        pid = int((folder / "cluster" / "postmaster.pid").read_text().splitlines()[0])
        try:
            yield Cluster(f"postgresql://goldsmith:{password}@127.0.0.1:{port}/postgres", pid)
        finally:
            _pg_ctl(place, "stop", ["-m", "immediate" if not is_durable else "fast"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A loopback port that nothing listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _major_version(folder: Path) -> float:
    match = re.search(r"(\d+(?:\.\d+)?)", folder.parent.name)
    return float(match[1]) if match else 0.0


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as then, else None for oneself."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _initialise(place: _Place) -> None:
    command = [str(place.programs / "initdb"), "--pgdata", str(place.folder / "cluster"), "--username", "goldsmith"]
    command += ["--auth", "scram-sha-256", "--pwfile", str(place.folder / "password"), "--no-sync"]
    _run([*command, "--encoding", "UTF8", "--locale", "C"], place)


def _options(port: int, *, is_durable: bool) -> list[str]:
    settings = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=", "max_connections=200"]
    settings += [] if is_durable else NOT_DURABLE
    return ["-o", " ".join(f"-c {setting}" for setting in settings)]


def _pg_ctl(place: _Place, action: str, options: list[str]) -> None:
    command = [str(place.programs / "pg_ctl"), action, "--pgdata", str(place.folder / "cluster"), "--wait", "--silent"]
    if action == "start":
        command += ["--log", str(place.folder / "log")]
    _run([*command, *options], place)


def _run(command: list[str], place: _Place) -> None:
    # Not captured through pipes: the server would inherit them and hold them open.
    with (place.folder / "output").open("w+") as output:
        done = subprocess.run(
            command,
            cwd=place.folder,
            user=place.user,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
        if done.returncode != 0:
            output.seek(0)
            raise OSError(f"{Path(command[0]).name} ended with code {done.returncode}: {output.read().strip()}")
