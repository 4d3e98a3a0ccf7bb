"""Cuts passages so that whole lines or sentences go and nothing is left hanging."""

# Marks of several scripts look alike.
# ruff: noqa: RUF001

import re

_ENDS = "[.!?…。！？؟۔।]['\"”’»)\\]」』）]*"
_AFTER_END = re.compile(f"{_ENDS}\\s+|[。！？]['”’」』）]*|\n\\s*")
_END = re.compile(f"{_ENDS}(?=\\s|$)|[。！？]['”’」』）]*|(?=\n)")
_TO_END = re.compile("[^\\w\n]*")
_SPACE = re.compile("\\s*")


def whole_sentences(text: str, start: int, stop: int) -> tuple[int, int] | None:
    """The part of `text[start:stop]` that is made of whole lines and sentences, with the space that goes with it.

    A passage that begins inside of a sentence begins with the next one, and one that ends inside of a sentence with the
    one before. Of the line breaks around whole lines the longer row stays.

    Returns:
        Where the part begins and ends, or None when there is none.
    """
    line = text.rfind("\n", 0, start) + 1
    if not _is_begin(text, line, start):
        after = _AFTER_END.search(text, start, stop)
        if after is None:
            return None
        start = after.end()
    else:
        start = line if not re.search(r"\w", text[line:start]) else start
    end = _to_end(text, start, stop)
    return None if end is None or end <= start else _with_space(text, start, end)


def _is_begin(text: str, line: int, start: int) -> bool:
    """Whether a sentence or a line begins at `start`, signs before it left aside."""
    before = text[line:start].rstrip("'\"“‘«([「『（ ")
    return not re.search(r"\w", before) or re.search(f"{_ENDS}$", before) is not None


def _to_end(text: str, start: int, stop: int) -> int | None:
    """The end of the last sentence or line that ends with the passage, its marks included."""
    reached = _TO_END.match(text, stop)
    stop = reached.end() if reached else stop
    if stop == len(text) or text[stop] == "\n" or _END.search(text[max(start, stop - 8) : stop].rstrip()[-3:] or " "):
        return stop
    ends = [found.end() for found in _END.finditer(text, start, stop)]
    return ends[-1] if ends else None


def _with_space(text: str, start: int, stop: int) -> tuple[int, int]:
    after = _SPACE.match(text, stop)
    end = after.end() if after else stop
    begin = len(text[:start].rstrip())
    if end == len(text):
        return begin, end
    if begin == 0 or end - stop <= start - begin:
        return start, end
    return begin, stop
