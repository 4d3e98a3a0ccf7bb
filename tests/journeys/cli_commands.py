"""Commands as a person runs them, on real homes: in a process of their own, or quicker inside this one."""

import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec

from goldsmith.cli import main

GOLDSMITH = Path(sys.executable).parent / "goldsmith"
LIMIT_S = 600


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.out)

    @property
    def error(self) -> str:
        """The one line that a failed command says."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


def process(*words: object, home: Path | None = None, typed: str = "", **variables: str) -> Ended:
    """Run `goldsmith` with these words as a process of its own."""
    ended = subprocess.run(
        [str(GOLDSMITH), *_all(words, home)],
        input=typed,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env=os.environ | variables,
        check=False,
    )
    return Ended(code=ended.returncode, out=ended.stdout, err=ended.stderr)


def goldsmith(*words: object, home: Path | None = None, typed: str = "") -> Ended:
    """Run `goldsmith` with these words inside this process, where everything is loaded already."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(sys, "argv", ["goldsmith", *_all(words, home)]))
        stack.enter_context(mock.patch.object(sys, "stdin", io.StringIO(typed)))
        stack.enter_context(mock.patch.object(sys, "excepthook", sys.excepthook))
        stack.enter_context(mock.patch.object(logging.getLogger(), "handlers", []))
        stack.callback(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Ended(code=code, out=_written(out), err=_written(err))


def done(*words: object, home: Path | None = None, typed: str = "") -> Ended:
    """Run a command inside this process that has to succeed."""
    ended = goldsmith(*words, home=home, typed=typed)
    assert ended.code == 0, ended.err + ended.out
    return ended


def _all(words: Iterable[object], home: Path | None) -> list[str]:
    return [*map(str, words), *(["--home", str(home)] if home else [])]


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running `goldsmith serve`."""

    process: "subprocess.Popen[str]"
    url: str
    link_token: str


@contextmanager
def started(*words: object, home: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run `goldsmith` with these words as a process beside this one, at most until the end of the block."""
    command = [str(GOLDSMITH), *_all(words, home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    """Serve a home on any free port until the end of the block."""
    with started("serve", "--port", "0", "--no-open", home=home) as running:
        assert running.stdout is not None
        said = [running.stdout.readline() for _ in range(4)]
        assert said[3] == "Stop with Ctrl+C.\n", (said, running.poll())
        yield Served(process=running, url=said[0].split()[-1], link_token=said[2].strip().partition("#")[2])


def write_recipe(folder: Path, *, stage: str = "length: {min_characters: 100}") -> Path:
    """A small recipe, and seven documents for it: six licences, of which one is a copy, and one short text."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    mit = (
        "Permission is hereby granted, free of charge, to any person obtaining a copy of this software, to deal in it "
    )
    bsd = (
        "Redistribution and use in source and binary forms, with or without modification, are permitted provided that "
    )
    for number in range(5):
        text = f"Copyright (c) 20{number}0 Person {number}\n\n" + (mit if number % 2 else bsd) * 3
        (documents / f"{number}.txt").write_text(text, encoding="utf-8")
    (documents / "copy.txt").write_bytes((documents / "0.txt").read_bytes())
    (documents / "short.txt").write_text("nothing", encoding="utf-8")
    recipe = folder / "small.yaml"
    recipe.write_text(RECIPE.replace("STAGE", stage), encoding="utf-8")
    return recipe


RECIPE = """\
goldsmith: 1
name: small
title: Small licences
source:
  - kind: files
    paths: [documents]
stages:
  - decode: {}
  - STAGE
  - exact-duplicates: {}
project:
  name: Small licences
  schema:
    fields: [{name: text, type: text}]
    questions:
      - name: licence
        type: choice
        label: Which licence?
        options: [{value: MIT, label: MIT}, {value: BSD-3-Clause, label: BSD}, {value: other, label: Other}]
models:
  - licence-keywords: {question: licence}
release: {}
"""
