"""PDF: the text layer of a file is one document; a file without one, or one that cannot be read, says so."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.refine.disk import packing_of, read_content
from goldsmith.refine.formats.pdf_lines import tidied
from goldsmith.refine.model import RawDocument
from goldsmith.refine.rows import InputFile

WALL_SECONDS = 120.0
"""What one file may take on a machine that does other things too; its own time is limited to much less."""

_CHILD = Path(__file__).with_name("pdf_child.py")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the process that reads PDF files says about one.

    Attributes:
        pages: the text of each page that could be read.
        n_pages: how many the file has.
        unreadable: the numbers of those that could not be read, from 1.
        about: the title and the author, where the file names them.
        failure: why there is nothing else.
    """

    pages: list[str] = []
    n_pages: int = 0
    unreadable: list[int] = []
    about: dict[str, str] = {}
    failure: str | None = None


class Pdf:
    """Reads the text layers of PDF files, in one process that is started again when a file kills it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, file: InputFile) -> Iterator[RawDocument]:
        """The document in a file."""
        path, content = file.path, b""
        if packing_of(path.name):
            raw, failure = read_content(path, max_bytes=file.max_bytes)
            if raw is None:
                yield file.failure(failure or "")
                return
            path, content = None, raw
        yield _document(file, self._ask(path, content, file.max_bytes))

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._end(self._process)

    def _ask(self, path: Path | None, content: bytes, max_bytes: int) -> Answer:
        question = {
            "path": "" if path is None else os.fsencode(path.absolute()).hex(),
            "size": len(content),
            "max_bytes": max_bytes,
        }
        process = self._process = self._process or _started()
        timer = threading.Timer(WALL_SECONDS, process.kill)
        timer.start()
        try:
            answer = _exchange(process, msgspec.json.encode(question) + b"\n" + content)
        finally:
            timer.cancel()
        if answer:
            return msgspec.json.decode(answer, type=Answer)
        self._end(process)
        return Answer(failure="the PDF took too long or too much memory to read, or broke its reader")

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        _ = process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)
        self._process = None


def _started() -> "subprocess.Popen[bytes]":
    # -P: what lies beside the file must not stand in for libraries.
    return subprocess.Popen(  # noqa: S603 - this interpreter, and a file of this package
        [sys.executable, "-P", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _exchange(process: "subprocess.Popen[bytes]", question: bytes) -> bytes:
    """The answer; empty when the process ended."""
    if process.stdin is None or process.stdout is None:
        return b""
    try:
        _ = process.stdin.write(question)
        process.stdin.flush()
        answer = process.stdout.readline()
    except OSError:
        return b""
    return answer if answer.endswith(b"\n") else b""


def _close(stream: Any) -> None:  # the pipe's ends have different types
    try:
        stream.close()
    except OSError:
        return  # what was still to be written, nobody reads


def _document(file: InputFile, answer: Answer) -> RawDocument:
    if answer.failure:
        return file.failure(answer.failure)
    text = "\n\n".join(paragraphs for page in answer.pages if (paragraphs := tidied(page)))
    if not text:
        pages = "1 page" if answer.n_pages == 1 else f"{answer.n_pages:,} pages"
        if answer.unreadable:
            return file.failure(f"not a sound PDF file: of {pages} none has text that can be read")
        return file.failure(f"the PDF has no text layer: {pages} of pictures, which would have to be recognised first")
    meta = {name.lower(): value for name, value in answer.about.items()}
    meta["pages"] = str(answer.n_pages)
    if answer.unreadable:
        meta["unreadable_pages"] = ", ".join(map(str, answer.unreadable))
    return RawDocument(id=file.name, origin=file.origin, text=text, meta=meta)


plugin = Pdf
