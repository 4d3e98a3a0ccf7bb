"""Why the line edits of DCLM take something out of a text."""

from typing import Literal, get_args

DclmKind = Literal["uppercase", "numeric", "counter", "short", "phrase"]
"""Why a line, or a part of it, is taken out."""

DCLM_KINDS: tuple[DclmKind, ...] = get_args(DclmKind)
