"""The kinds of lines that the stages take out; light, so that recipes are read without the compiler's library."""

from typing import Literal, get_args

Boilerplate = Literal[
    "cookies",
    "sharing",
    "newsletter",
    "sign-in",
    "paywall",
    "comments",
    "advertising",
    "read-more",
    "related",
    "copyright",
    "labels",
    "navigation",
]
"""What a line of boilerplate is about."""

BOILERPLATE: tuple[Boilerplate, ...] = get_args(Boilerplate)

Spam = Literal["adult", "gambling", "sales", "contacts", "links"]
"""What a line of spam is: a list of words of such a trade, a repeated address, or a list of links."""

SPAM: tuple[Spam, ...] = get_args(Spam)

Ending = Literal["paywall", "read-more", "broken-off", "unfinished", "ellipsis", "unmarked"]
"""What the end of a text is like that seems to lack something."""

ENDINGS: tuple[Ending, ...] = get_args(Ending)
