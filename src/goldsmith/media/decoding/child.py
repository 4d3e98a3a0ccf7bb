"""A process of its own that reads media files: a file that is made to harm harms it alone.

It gets the path of a sealed file and the one key that opens it; it writes no file. Memory and time are limited by the
kernel, for each file anew, and its libraries are loaded under these limits.
"""

import contextlib
import importlib
import io
import os
import sys
import time
from pathlib import Path
from typing import IO, Any

import msgspec

from goldsmith.errors import GoldsmithError, MediaError
from goldsmith.media.decoding.wire import PART, REFUSED, RESULT, GivePart, Question, write_frame
from goldsmith.trust.sealing import Opened, SealedReader

_READERS = {"image": "images", "audio": "audio", "application": "pdfs"}
_BUFFER_BYTES = 1 << 18
_NICENESS = 5  # who labels goes before what is decoded


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no answer."""

    kind: str
    message: str
    hint: str


def main(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until there are no more questions."""
    while line := asked.readline():
        question = msgspec.json.decode(line, type=Question)
        _limit(cpu_s=question.cpu_s, memory_bytes=question.memory_bytes)
        kind, content = answer_to(question, lambda part: write_frame(answers, PART, part))
        write_frame(answers, kind, content)
        answers.flush()


def answer_to(question: Question, give: GivePart) -> tuple[bytes, bytes]:
    """The last frame of an answer, after its parts were given."""
    try:
        with _opened(question) as file:
            module = importlib.import_module(f"goldsmith.media.decoding.{_READERS[question.media_type.split('/')[0]]}")
            run = module.TASKS[question.task]
            return RESULT, msgspec.json.encode(run(file, question.media_type, question.parameters, give))
    except GoldsmithError as error:
        refusal = Refusal(kind=type(error).__name__, message=error.message, hint=error.hint)
    except MemoryError:
        limit = f"{question.memory_bytes >> 20:,} MiB"
        refusal = Refusal(
            kind=MediaError.__name__,
            message=f"It needs more than {limit} of memory to be read.",
            hint="Make it smaller, or split it.",
        )
    return REFUSED, msgspec.json.encode(refusal)


def _opened(question: Question) -> io.BufferedReader:
    file = Path(os.fsdecode(bytes.fromhex(question.path))).open("rb")  # noqa: SIM115 - the reader closes it
    opened = Opened(bytes.fromhex(question.key), question.size_bytes)
    return io.BufferedReader(SealedReader(file, opened, "this blob"), _BUFFER_BYTES)


def _limit(*, cpu_s: int, memory_bytes: int) -> None:
    """Set what the next file may take."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits, macOS none of memory
        import resource  # noqa: PLC0415 - only where there is one

        limits: dict[int, int] = {
            resource.RLIMIT_CPU: int(time.process_time()) + 1 + cpu_s,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_FSIZE: 0,  # pipes are no files
            resource.RLIMIT_AS: memory_bytes,
        }
        for name, soft in limits.items():
            _, hard = resource.getrlimit(name)
            resource.setrlimit(name, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _leave_alone(*_arguments: Any) -> None:
    """Ctrl+C in the terminal is for the process that asks, which then ends this one."""


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGINT, _leave_alone)
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    with os.fdopen(os.dup(1), "wb") as out:
        _ = os.dup2(2, 1)  # what a library prints is no answer
        main(sys.stdin.buffer, out)
