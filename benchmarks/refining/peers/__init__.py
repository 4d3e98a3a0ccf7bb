"""The libraries beside which refining is measured; run by an interpreter that has them and need not have Goldsmith.

A module is a step: for each library a function that makes what is measured, and fails where the library is missing.
"""

from collections.abc import Callable
from typing import NamedTuple


class Given(NamedTuple):
    """What all are measured on.

    Attributes:
        prose: texts in English.
        texts: texts in all languages.
        pages: web pages.
        samples: the characters of each text of which Goldsmith tells the language, on one line.
    """

    prose: list[str]
    texts: list[str]
    pages: list[str]
    samples: list[str]


Call = Callable[[], object]
Make = Callable[[Given], Call]
