"""Finds who holds the copyright: the names in the copyright lines of a text."""

import re
from typing import NamedTuple


class Holder(NamedTuple):
    """The name of a holder: offsets in Unicode code points, the end exclusive."""

    start: int
    end: int


_SIGN = r"(?:\(c\)|©|&copy;|\(&copy;\)|ⓒ)"
_YEAR = r"(?:1[89]|2[01])\d\d"
_SPAN = rf"{_YEAR}(?:\s?[-\u2013\u2014/]\s?(?:{_YEAR}|\d\d(?!\d)|present|now|today|current|date|20\dx))?\+?"
_YEARS = rf"{_SPAN}(?:(?:\s*[,;&]\s*|\s+and\s+|\s+){_SPAN})*"

_LINE = re.compile(
    rf"""
    (?: (?P<word>\bcopyrights?\b) (?:[ \t]+(?P<by>by|held[ ]by|owned[ ]by))? [ \t]*:? [ \t]* (?P<sign>{_SIGN})?
      | (?<![\w.]) (?P<bare>{_SIGN} (?=[ \t]*{_YEAR}) | © (?=[ \t]*(?-i:[A-Z])) )
    )
    [ \t]*[,:]?[ \t]*
    (?P<years>{_YEARS})?
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Where a copyright line names its years; the holder follows."""

_LEAD = re.compile(r"[\s,:;.*#/|\u2013\u2014-]*(?:(?:held |owned )?by\b[\s:]*|of\b[ ]+)?", re.IGNORECASE)
_WRAPPED = re.compile(r"[ \t]*\n[ \t#*/;%|]*(?=\S)")

_ENDS = re.compile(
    rf"""
      [,;]?\s*\ball\s+rights?\s+reserved\b
    | \s*[<\[({{]                                     # an address, a link or a remark
    | \s+(?:[-\u2013\u2014]+\s+)?(?:https?://|www\.)
    | \s+\S+@\S+
    | [,;]?\s+(?:{_SPAN})
    | [,;]?\s+\(?(?:see|under|released|licen[sc]ed|distributed|available|published|used\s+with|and\s+is\b|is\b|are\b)\b
    | [,;]\s+(?:all|with|which|who|for\s+details|the\s+(?:license|software))\b
    | \s*["“”*|]
    | \s{{3,}}
    | ;
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Where the name is over, whatever came before."""

_SENTENCE = re.compile(r"\.\s+(?=[A-Z])")

_KEPT_DOT = re.compile(r"(?:\b(?:inc|ltd|corp|co|jr|sr|bros)|(?:^|[\s.])\w)\.$", re.IGNORECASE)
_DANGLING = re.compile(r"[,\s]+(?:and|or|until|the|by|with)$", re.IGNORECASE)
_TRAILING = " \t\r,;:.*/#|-\u2013\u2014'`\\"

_TEMPLATE = re.compile(
    r"[\[<{]|\b(?:name of|owners?|yyyy|year|organization|copyright holders?|your name|\d\dyy|xxxx|author name|"
    r"holders? of)\b",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"(?:holders?|owners?|notices?|licen[sc]es?|laws?|and|or|in|is|are|acts?|office|statements?|disclaimers?|interests?|"
    r"information|terms|protection|to|on|for|the\s+following|this|that|these|as|may|can|shall|will|claims?|status|"
    r"conditions?|permission|policy|treat\w+|infringement|messages?|lines?|years?|files?|management|ownership|from|with|"
    r"copyright\w*|applies|belongs|remains|texts?|work|material|rights?|assignments?|header|format|review|legal|not)\b",
    re.IGNORECASE,
)
_MAX_LENGTH = 200


def holder_tables() -> object:
    """Everything that `copyright_holders` looks up, as JSON values."""
    patterns = (_LINE, _LEAD, _WRAPPED, _ENDS, _SENTENCE, _KEPT_DOT, _DANGLING, _TEMPLATE, _NOT_A_NAME)
    return [pattern.pattern for pattern in patterns]


def copyright_holders(text: str) -> list[Holder]:
    """The holders named in the copyright lines of `text`, in their order; offsets are into the unchanged text.

    A line such as `Copyright (c) 2012-2020 Jane Doe <jane@example.org>. All rights reserved.` gives the name alone.
    Templates (`[name of copyright owner]`) and prose about copyright give nothing.
    """
    found: list[Holder] = []
    for match in _LINE.finditer(text):
        if found and match.start() < found[-1].end:
            continue
        holder = _holder_after(text, match)
        if holder is not None:
            found.append(holder)
    return found


def _holder_after(text: str, match: re.Match[str]) -> Holder | None:
    is_marked = bool(match["sign"] or match["bare"] or match["years"])
    if not is_marked and not _starts_a_line(text, match.start()):
        return None
    start = match.end()
    wrapped = _WRAPPED.match(text, start)
    if wrapped and match["years"]:
        start = wrapped.end()
    lead = _LEAD.match(text, start, _end_of_line(text, start))
    start = lead.end() if lead else start
    name = _trimmed(text[start : _end_of_line(text, start)])
    if not _is_name(name, is_marked=is_marked):
        return None
    return Holder(start, start + len(name))


def _starts_a_line(text: str, position: int) -> bool:
    before = text[max(0, position - _MAX_LENGTH) : position].rpartition("\n")[2]
    return not any(character.isalnum() for character in before)


def _end_of_line(text: str, start: int) -> int:
    furthest = min(len(text), start + 2 * _MAX_LENGTH)
    end = text.find("\n", start, furthest)
    return furthest if end < 0 else end


def _trimmed(line: str) -> str:
    end = _ENDS.search(line)
    name = line[: end.start()] if end else line
    for sentence in _SENTENCE.finditer(name):
        if not _KEPT_DOT.search(name, 0, sentence.start() + 1):
            name = name[: sentence.start()]
            break
    while name and name[-1] in _TRAILING and not _KEPT_DOT.search(name):
        name = name[:-1]
    dangling = _DANGLING.search(name)
    return name[: dangling.start()] if dangling else name


def _is_name(name: str, *, is_marked: bool) -> bool:
    if not 2 <= len(name) <= _MAX_LENGTH or not any(character.isalpha() for character in name):
        return False
    if _TEMPLATE.search(name) or _NOT_A_NAME.match(name):
        return False
    return is_marked or name[0].isupper()
