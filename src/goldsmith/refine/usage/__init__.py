"""What the owners of documents say about their use by machines: in headers, in pages, and in files of their sites."""

from typing import Literal

import msgspec

SignalName = Literal[
    "tdm-reserved",
    "no-ai-training",
    "no-ai-input",
    "noai",
    "noimageai",
    "ai-crawlers-blocked",
    "all-crawlers-blocked",
    "no-search",
    "noindex",
    "noarchive",
]
"""What can be said against a use:

rights of text and data mining are reserved (TDM Reservation Protocol); no training of models, no input of models
(Content Signals, Content-Usage); `noai` and `noimageai` as DeviantArt brought them up; crawlers that collect for
models, or all that are not named, may not take it (robots.txt, ai.txt); no search, no index, no copy in an archive.
"""

HEADERS = ("x-robots-tag", "tdm-reservation", "tdm-policy", "content-signal", "content-usage")
"""The headers of HTTP that say something; sources call them so, with underscores or dashes."""


class Signal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was said against a use.

    Attributes:
        signal: what it means.
        by: where it was said.
        quote: the words.
        start: where it begins in the text, in code points, when it was said there.
        end: where it ends.
    """

    signal: SignalName
    by: str
    quote: str
    start: int | None = None
    end: int | None = None
