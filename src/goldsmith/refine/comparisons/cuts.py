"""Takes spans out of a text, with an account by which each can be shown and put back."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of scripts that put no spaces between words, where a letter says more."""


class Repeat(NamedTuple):
    """What stands at `[start, end)` of a text, in characters, stands elsewhere too.

    Attributes:
        start: where it begins.
        end: where it ends.
        kept: the ids of the documents that keep it, in the order in which the span repeats them; None for none.
        n_documents: how many documents have each part of it, where that was counted.
    """

    start: int
    end: int
    kept: tuple[str | None, ...]
    n_documents: tuple[int, ...] = ()


class Taken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One span that was taken out; the same form as the changes of a repair, so that the same code puts it back.

    Attributes:
        kind: why.
        before: what stood there.
        after: what stands there now: nothing, or a space where two words would become one.
        at: where it stood, in characters of the new text.
        kept: the ids of the documents that keep it; None for none.
        documents: how many documents have it.
    """

    kind: str
    before: str
    after: str
    at: tuple[int]
    kept: tuple[str | None, ...] = ()
    documents: tuple[int, ...] = ()


class Cut(NamedTuple):
    """A text without its repeats, what was taken out as JSON, and which share of the characters that was."""

    text: str
    taken: str | None
    share: float


def cut(text: str, repeats: Sequence[Repeat], kind: str) -> Cut:
    """`text` without `repeats`, which are sorted and do not touch."""
    pieces: list[str] = []
    taken: list[Taken] = []
    done = at = 0
    for each in repeats:
        before, after = text[each.start : each.end], " " if _joins_words(text, each) else ""
        pieces += (text[done : each.start], after)
        at += each.start - done
        taken.append(Taken(kind=kind, before=before, after=after, at=(at,), kept=each.kept, documents=each.n_documents))
        at += len(after)
        done = each.end
    if not taken:
        return Cut(text, None, 0.0)
    share = sum(len(each.before) for each in taken) / len(text)
    return Cut("".join([*pieces, text[done:]]), msgspec.json.encode(taken).decode(), share)


def joined(repeats: Iterable[Repeat]) -> list[Repeat]:
    """Sorted repeats, with those that touch as one."""
    found: list[Repeat] = []
    for each in repeats:
        if found and each.start <= found[-1].end:
            last = found.pop()
            n_documents = last.n_documents + each.n_documents
            found.append(Repeat(last.start, max(last.end, each.end), last.kept + each.kept, n_documents))
        else:
            found.append(each)
    return found


def _joins_words(text: str, repeat: Repeat) -> bool:
    around = text[repeat.start - 1 : repeat.start] + text[repeat.end : repeat.end + 1]
    return len(around) == 2 and around.isalnum() and not UNSPACED.search(around)
