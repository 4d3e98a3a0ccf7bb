"""Which lines of a text stay, and the reasons why others do not."""

from typing import Literal

import msgspec

Reason = Literal["long-word", "unfinished", "short", "javascript", "policy"]
"""Why a line is left out."""

REASONS: tuple[Reason, ...] = ("long-word", "unfinished", "short", "javascript", "policy")


class LineRules(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines stay.

    Attributes:
        min_words: the fewest words, cut at white space.
        max_word_length: the most code points of a word.
        only_finished: whether a line has to end in one of `. ? ! " '`, and not in three stops.
        citations: whether `[1]`, `[edit]` and `[citation needed]` are taken out of lines.
        javascript: whether lines about JavaScript are left out.
        policies: whether lines about terms of use, privacy and cookies are left out.
    """

    min_words: int
    max_word_length: int
    only_finished: bool
    citations: bool
    javascript: bool
    policies: bool
