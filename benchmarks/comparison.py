"""Compares labelling servers under one load: `python benchmarks/server.py --peer label-studio --items 100000`."""

import argparse
import contextlib
import os
import platform
import secrets
import sys
import tempfile
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import httpx
import msgspec
import psycopg
from psycopg import sql

from benchmarks.connections import RefusedError
from benchmarks.figures import Figures, table
from benchmarks.measuring import Load, measure
from benchmarks.peers import Peer, Place, Store
from benchmarks.peers.goldsmith import Goldsmith
from benchmarks.peers.label_studio import LabelStudio, default_cache
from benchmarks.processes import ServerError, cores
from tools.postgresql import find_postgresql, free_port, throwaway_cluster


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One run: when, where, and the figures of each server."""

    made_at: str
    machine: str
    load_before: float
    results: list[Figures]


class _Database(NamedTuple):
    url: str
    pid: int | None


def main(arguments: list[str]) -> int:
    """Run the comparison; returns the exit code."""
    options = _parser().parse_args(arguments)
    load = Load(options.items, tuple(int(part) for part in options.clients.split(",")), options.seconds)
    try:
        report = compare(_peers(options), options.store, load)
    except (ServerError, RefusedError, OSError, httpx.HTTPError) as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    print(f"\n{report.made_at}, {report.machine}, load before {report.load_before:.2f}, n = 1\n")
    print(table(report.results))
    for note in (note for figures in report.results for note in figures.notes):
        print(f"- {note}")
    if options.out is not None:
        options.out.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
        print(f"\nWritten to {options.out}")
    return 0


def compare(peers: list[Peer], store: Store, load: Load) -> Report:
    """Measure each server alone, one after the other, with the client on a core of its own."""
    server_core, client_core = cores()
    busy = os.getloadavg()[0]
    if client_core is not None:
        os.sched_setaffinity(0, {client_core})
    results: list[Figures] = []
    for peer in peers:
        with tempfile.TemporaryDirectory(prefix="goldsmith-benchmark-") as folder, _database(store) as database:
            place = Place(Path(folder), free_port(), store, database.url, _core_of(store, server_core))
            results.append(measure(peer, place, load, database_pid=database.pid))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Report(made_at=now, machine=_machine(), load_before=round(busy, 2), results=results)


@contextlib.contextmanager
def _database(store: Store) -> Generator[_Database]:
    """An empty PostgreSQL database with durable commits, when that is the store."""
    if store == "sqlite":
        yield _Database("", None)
        return
    programs = find_postgresql()
    if programs is None:
        raise ServerError("no PostgreSQL server is installed; install one, or measure with --store sqlite.")
    with throwaway_cluster(programs, is_durable=True) as cluster:
        name = f"benchmark_{secrets.token_hex(4)}"
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield _Database(urlunsplit(urlsplit(cluster.url)._replace(path=f"/{name}")), cluster.pid)


def _core_of(store: Store, server_core: int | None) -> int | None:
    """An embedded server gets one core; one with a database beside it gets all, and so does the database."""
    return server_core if store == "sqlite" else None


def _peers(options: argparse.Namespace) -> list[Peer]:
    known: dict[str, Peer] = {"goldsmith": Goldsmith(), "label-studio": LabelStudio(options.cache)}
    if options.only is not None:
        return [known[options.only]]
    return [known["goldsmith"], *([known[options.peer]] if options.peer else [])]


def _machine() -> str:
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks/server.py", description=__doc__)
    parser.add_argument("--peer", choices=["label-studio"], help="measure this server too, beside Goldsmith")
    parser.add_argument("--only", choices=["goldsmith", "label-studio"], help="measure this one alone")
    parser.add_argument("--items", type=int, default=10_000, help="texts to import (default: %(default)s)")
    parser.add_argument("--clients", default="1,8", help="numbers of clients, one run each (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each run (default: %(default)s)")
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite", help="(default: %(default)s)")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where other servers are installed")
    parser.add_argument("--out", type=Path, help="write the figures as JSON to this file")
    return parser
