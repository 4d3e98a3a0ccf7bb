"""Undoes the lines of a printed page: words split by a hyphen are whole again, and sentences run on."""

import re

import numpy as np

FULL_SHARE = 0.75
"""A line this long, as a share of the page's long lines, was broken for want of room."""

MIN_LINE = 20
"""Characters without which a page's lines say nothing about its width: they are of a table or a title page."""

_HYPHEN = re.compile("(?<=\\w)[\ufffe\x02\xad]\\s*(?=(\\w))")
_ENDS = re.compile(r"[.!?:;\u3002\uff01\uff1f\uff1a\uff1b\u2026][\"'\u201d\u2019\u00bb)\]\uff09\u300d\u300f]*\Z")
_BEGINS = re.compile(r"[\u2022\u2023\u25aa\u25e6\u00b7\u25cf\u25a0\-\u2013\u2014*\d(\[\uff08]|[A-Za-z][.)]\s")
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


def tidied(page: str) -> str:
    """The text of a page as paragraphs.

    A line goes on with the next one when it is nearly as long as the page's long lines, does not end a sentence, and
    the next line begins no item of a list. The reader of PDF files writes U+0002 or U+FFFE for a hyphen at the end of a
    line; it goes where a small letter follows, else it becomes a hyphen.
    """
    text = page.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = _HYPHEN.sub(lambda found: "" if found[1].islower() else "-", text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    width = float(np.percentile([len(line) for line in lines if line], 90)) if any(lines) else 0.0
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and line and not _BEGINS.match(line):
            gap = "" if _EAST_ASIAN.match(paragraphs[-1][-1]) and _EAST_ASIAN.match(line) else " "
            paragraphs[-1] += gap + line
        else:
            paragraphs.append(line)
        goes_on = len(line) >= max(MIN_LINE, FULL_SHARE * width) and not _ENDS.search(line)
    return "\n".join(paragraphs).strip()
