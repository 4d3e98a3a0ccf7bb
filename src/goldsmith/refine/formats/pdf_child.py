"""A process of its own that reads the text of PDF files: a file that is made to harm harms it alone.

It is started with the path of this file and imports nothing of this package. Each line that it reads asks for one file;
it answers with one line.
"""

import contextlib
import io
import json
import os
import sys
import time
from pathlib import Path
from typing import IO, Any, cast

CPU_SECONDS = 30
"""What one file may take."""

MEMORY_BYTES = 1 << 30

_FAR = 1e6
"""Points in all directions: the text within bounds is all of Unicode, other ways to the text know 16 bits only."""

_PASSWORD = 4
_MESSAGES = {
    _PASSWORD: "the PDF is encrypted; it needs a password",
    5: "the PDF is encrypted in a way that is not supported",
}


def main(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until there are no more questions."""
    while line := asked.readline():
        question = json.loads(line)
        _limit_the_next_file()
        answer = answer_to(question, asked.read(question["size"]))
        _ = answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def answer_to(question: dict[str, Any], content: bytes) -> dict[str, Any]:
    """The pages of a file, or why there are none.

    Args:
        question: `path`, the file's path as hexadecimal bytes, or none when the bytes come with it; `max_bytes`.
        content: the bytes.
    """
    path = question["path"]
    try:
        with Path(os.fsdecode(bytes.fromhex(path))).open("rb") if path else io.BytesIO(content) as file:
            return _read(file, question["max_bytes"])
    except OSError as error:
        return {"failure": f"cannot be read: {error.strerror}"}
    except MemoryError:
        return {"failure": f"the PDF asks for more than {MEMORY_BYTES >> 20:,} MiB of memory"}


def _read(file: IO[bytes], max_bytes: int) -> dict[str, Any]:
    import pypdfium2  # noqa: PLC0415 - after the limits are set, which count what a library takes

    try:
        document: Any = pypdfium2.PdfDocument(file)  # Any: the library has few types
    except pypdfium2.PdfiumError as error:
        return {"failure": _MESSAGES.get(cast("Any", error).err_code, "not a sound PDF file")}
    with contextlib.closing(document):
        pages: list[str] = []
        unreadable: list[int] = []
        size = 0
        for number in range(len(document)):
            try:
                pages.append(_text_of(document, number))
            except pypdfium2.PdfiumError:
                unreadable.append(number + 1)
                continue
            size += len(pages[-1])
            if size > max_bytes:
                return {"failure": f"its text has more than {max_bytes:,} bytes; raise `max_bytes` of its source"}
        about = {name: value for name in ("Title", "Author") if (value := _about(document, name))}
        return {"pages": pages, "n_pages": len(document), "unreadable": unreadable, "about": about}


def _text_of(document: Any, number: int) -> str:
    page = document[number]
    with contextlib.closing(page), contextlib.closing(page.get_textpage()) as text:
        return cast("str", text.get_text_bounded(-_FAR, -_FAR, _FAR, _FAR))


def _about(document: Any, name: str) -> str:
    try:
        return cast("str", document.get_metadata_value(name))
    except UnicodeDecodeError:  # half of a surrogate pair
        return ""


def _limit_the_next_file() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource  # noqa: PLC0415 - only where there is one

        allowed = int(time.process_time()) + 1 + CPU_SECONDS
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))


def _limit_this_process() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # macOS knows no limit of memory
        import resource  # noqa: PLC0415 - only where there is one

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    _limit_this_process()
    with os.fdopen(os.dup(1), "wb") as out:
        _ = os.dup2(2, 1)  # what a library prints is no answer
        main(sys.stdin.buffer, out)
