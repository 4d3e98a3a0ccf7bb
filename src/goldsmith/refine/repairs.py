"""Repairs the encoding faults of a text, and nothing that a writer may have meant."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from unicodedata import is_normalized, normalize

from ftfy import fix_encoding
from ftfy.badness import is_bad

MAX_EXAMPLES = 2
"""Examples kept of each kind of repair and document."""

MAX_OVERSTRIKES = 4
"""Letters that a terminal printed over one another; backspaces beyond that go, but take no letter with them."""

_CONTEXT = 24
_BREAKS = re.compile("\r\n?|[\f\v\u2028\u2029]")
_OVERSTRUCK = re.compile("[^\n\b]\b")
_TERMINAL = re.compile("\x1b\\[[0-9;?]*[ -/]*[@-~]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b\u2060\ufeff]"
    # joiners shape the letter before them in Arabic, Indic scripts and emoji, but not after Latin letters and spaces
    "|(?<![^\\s\x00-\u024f])[\u200c\u200d]"
)
_TAGS = re.compile("[\U000e0000-\U000e007f]")

_RARE_BREAK = re.compile("[\x80-\x9f\u2028\u2029]")
_SUSPECT = re.compile("[^\x00-\x7f]{2}|[\x80-\x9f]")
"""What a wrongly decoded character leaves: two in its place. Texts without any are not looked at."""

_LOST_SPACE = re.compile("[\xc2\xc3] ")
"""The same, when the second one was a space without break that became a plain one."""

_CONTROL_BYTES = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\t\n")
_FLAG = "\U0001f3f4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One repair with a little of what stands around it."""

    kind: str
    before: str
    after: str


@dataclass(slots=True, kw_only=True)
class Repaired:
    """A text after its repairs: how many spans of each kind were changed, with a few examples."""

    text: str
    counts: dict[str, int] = field(default_factory=dict[str, int])
    examples: list[Example] = field(default_factory=list[Example])

    def note(self, kind: str, n_spans: int, examples: Iterator[Example]) -> None:
        """Count `n_spans` repairs of one kind, and keep the first examples."""
        self.counts[kind] = self.counts.get(kind, 0) + n_spans
        self.examples.extend(example for _, example in zip(range(MAX_EXAMPLES), examples, strict=False))


def repair(text: str, *, mojibake: bool, compose: bool) -> Repaired:
    """`text` with its encoding faults mended.

    In this order: lines decoded with the wrong charset are decoded again; line ends become line feeds; control
    characters, terminal colours and overstriking go, and so do characters without width; letters are composed (NFC).

    Args:
        text: any text.
        mojibake: whether wrongly decoded lines are mended.
        compose: whether letters and their marks are composed.
    """
    done = Repaired(text=text)
    accented = "" if text.isascii() else "\n".join(line for line in text.split("\n") if not line.isascii())
    if mojibake and _SUSPECT.search(accented):
        _by_line(done, "mojibake", _mended)
    if _has_control_bytes(text.encode()) or _RARE_BREAK.search(accented):
        _substitute(done, "newlines", _BREAKS, "\n")
        for _ in range(MAX_OVERSTRIKES if "\b" in text else 0):
            _substitute(done, "controls", _OVERSTRUCK, "")
        _substitute(done, "controls", _TERMINAL, "")
        _substitute(done, "controls", _CONTROLS, "")
    if _INVISIBLE.search(accented) or done.counts:
        _substitute(done, "invisible", _INVISIBLE, "")
    if _TAGS.search(accented) and _FLAG not in accented:  # three flags of countries are spelled with tags
        _substitute(done, "invisible", _TAGS, "")
    if compose and (done.counts or not is_normalized("NFC", accented)) and not is_normalized("NFC", done.text):
        _by_line(done, "composition", lambda line: normalize("NFC", line))
    return done


def _has_control_bytes(content: bytes) -> bool:
    return len(content.translate(None, _CONTROL_BYTES)) != len(content)


def _mended(line: str) -> str:
    is_suspect = _SUSPECT.search(line) or _LOST_SPACE.search(line)
    if is_suspect is None or not is_bad(line):
        return line
    mended = fix_encoding(line)
    return line if is_bad(mended) else mended  # half a repair, such as of Chinese read as Latin-1, only hides the fault


def _substitute(done: Repaired, kind: str, pattern: re.Pattern[str], by: str) -> None:
    text = done.text
    first = pattern.search(text)
    if first is None:
        return
    new, n_spans = pattern.subn(by, text)
    spans = chain([first], pattern.finditer(text, first.end()))
    examples = (_around(kind, text, (span.start(), span.end()), by) for span in spans)
    done.note(kind, n_spans, iter(()) if kind == "newlines" else examples)
    done.text = new


def _by_line(done: Repaired, kind: str, mend: Callable[[str], str]) -> None:
    lines = done.text.split("\n")
    new = [line if line.isascii() else mend(line) for line in lines]
    changed = [(old, now) for old, now in zip(lines, new, strict=True) if old != now]
    if changed:
        done.note(kind, len(changed), (_difference(kind, old, now) for old, now in changed))
        done.text = "\n".join(new)


def _around(kind: str, text: str, span: tuple[int, int], by: str) -> Example:
    start, end = span
    left = text[max(0, start - _CONTEXT) : start].rpartition("\n")[2]
    right = text[end : end + _CONTEXT].partition("\n")[0]
    return Example(kind=kind, before=left + text[start:end] + right, after=left + by + right)


def _difference(kind: str, old: str, new: str) -> Example:
    limit = min(len(old), len(new))
    head = next((place for place in range(limit) if old[place] != new[place]), limit)
    tail = next((place for place in range(limit - head) if old[-1 - place] != new[-1 - place]), limit - head)
    head, tail = max(0, head - _CONTEXT), max(0, tail - _CONTEXT)
    width = 6 * _CONTEXT
    return Example(kind=kind, before=old[head : len(old) - tail][:width], after=new[head : len(new) - tail][:width])
