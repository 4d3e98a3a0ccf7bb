"""Tells which licence a text is by phrases that only that licence has."""

import functools
import re
from typing import NamedTuple

from goldsmith.models.licences import NO_LICENCE, OTHER, PUBLIC_DOMAIN, SEVERAL


class Recognised(NamedTuple):
    """A family and what it was recognised by."""

    family: str
    evidence: str


class TextRule(NamedTuple):
    """A text is of `family` when all of `phrases` occur in it and none of `without`."""

    family: str
    phrases: tuple[str, ...]
    without: tuple[str, ...] = ()


_MIT_GRANT = "to deal in the software without restriction"
_MIT_STAYS = "shall be included in all copies or substantial portions of"
_NOT_EVIL = "shall be used for good not evil"
_BSD_GRANT = "redistribution and use in source and binary forms"
_BSD_SOURCE = "must retain the above copyright notice"
_BSD_BINARY = "redistributions in binary form must reproduce"
_BSD_NAMES = "endorse or promote products derived from"
_BSD_CREDIT = "all advertising materials mentioning features or use"
_APACHE_1 = "products derived from this software may not be called"
_NCSA = "to deal with the software without restriction"
_FEE = "this software for any purpose with or without fee is hereby granted"
_PSF = "this license agreement is between the python software foundation"
_VERBATIM = "everyone is permitted to copy and distribute verbatim copies"

_TEXTS = (
    TextRule("MIT", (_MIT_GRANT, _MIT_STAYS), (_NOT_EVIL,)),
    TextRule(OTHER, (_MIT_GRANT,), (_MIT_STAYS,)),
    TextRule(OTHER, (_MIT_GRANT, _NOT_EVIL)),
    TextRule("BSD-2-Clause", (_BSD_GRANT, _BSD_SOURCE, _BSD_BINARY), (_BSD_NAMES, _BSD_CREDIT, _APACHE_1)),
    TextRule("BSD-3-Clause", (_BSD_GRANT, _BSD_SOURCE, _BSD_BINARY, _BSD_NAMES), (_BSD_CREDIT, _APACHE_1)),
    TextRule(OTHER, (_BSD_GRANT, _BSD_CREDIT)),
    TextRule(OTHER, (_BSD_GRANT, _APACHE_1)),
    TextRule(OTHER, (_BSD_GRANT, _BSD_SOURCE), (_BSD_BINARY,)),
    TextRule("Apache-2.0", ("apache license version 2.0 january 2004", "grant of patent license")),
    TextRule(
        "MPL-2.0", ("mozilla public license version 2.0", "1.1 contributor means each individual or legal entity")
    ),
    TextRule("ISC", (f"{_FEE} provided that", "disclaims all warranties")),
    TextRule("ISC", (f"{_FEE} provided that", "disclaim all warranties")),
    TextRule(OTHER, (f"{_FEE} provided that", "as is without warranty of any kind"), (_MIT_GRANT,)),
    TextRule(OTHER, (f"{_FEE} the software is provided",), (_PSF,)),
    TextRule("PSF-2.0", (_PSF,)),
    TextRule("GPL-2.0", ("gnu general public license version 2 june 1991", _VERBATIM)),
    TextRule("GPL-3.0", ("gnu general public license version 3 29 june 2007", _VERBATIM)),
    TextRule("LGPL-2.1", ("gnu lesser general public license version 2.1 february 1999", _VERBATIM)),
    TextRule("LGPL-3.0", ("gnu lesser general public license version 3 29 june 2007", _VERBATIM)),
    TextRule("AGPL-3.0", ("gnu affero general public license version 3 19 november 2007", _VERBATIM)),
    TextRule(PUBLIC_DOMAIN, ("this is free and unencumbered software released into the public domain",)),
    TextRule(PUBLIC_DOMAIN, ("cc0 1.0 universal", "affirmer")),
    TextRule("Zlib", ("the origin of this software must not be misrepresented", "altered source versions must be")),
    *(
        TextRule(OTHER, phrases)
        for phrases in (
            ("gnu general public license version 1 february 1989", _VERBATIM),
            ("gnu library general public license version 2 june 1991", _VERBATIM),
            ("gnu free documentation license", _VERBATIM),
            ("boost software license version 1.0", "permission is hereby granted free of charge"),
            ("artistic license", "the copyright holder maintains"),
            ("artistic license", "the copyright holder intends"),
            ("mozilla public license version 1.1", "means the entity that first makes"),
            ("eclipse public license", "recipient s acceptance of this agreement"),
            ("common development and distribution license", "means each individual or entity that creates"),
            ("sil open font license version 1.1", "the font software may be sold as part of"),
            ("creative commons attribution", "licensed rights"),
            ("creative commons attribution", "you may distribute publicly display"),
            ("do what the fuck you want to public license", "0 you just do what"),
            ("intel simplified software license",),
            ("blue oak model license",),
            ("universal permissive license",),
            ("business source license 1.1", "additional use grant"),
            ("server side public license version 1", _VERBATIM),
            ("gcc runtime library exception version 3.1", _VERBATIM),
            ("commons clause license condition",),
            ("to deal in the data files or software without restriction",),
            (_NCSA,),
        )
    ),
    TextRule(OTHER, ("this software and its documentation for any purpose", "hereby granted"), (_PSF,)),
    TextRule(OTHER, ("this software for any purpose and without fee is hereby granted",)),
)

_BY_FSF = "as published by the free software foundation"
_NOTICES = (
    TextRule("Apache-2.0", ("licensed under the apache license version 2.0",)),
    TextRule("Apache-2.0", ("under the terms of the apache license version 2.0",)),
    TextRule("MPL-2.0", ("subject to the terms of the mozilla public license v 2.0",)),
    TextRule("GPL-2.0", (f"gnu general public license {_BY_FSF} either version 2",)),
    TextRule("GPL-2.0", (f"gnu general public license version 2 {_BY_FSF}",)),
    TextRule("GPL-3.0", (f"gnu general public license {_BY_FSF} either version 3",)),
    TextRule("LGPL-2.1", (f"gnu lesser general public license {_BY_FSF} either version 2.1",)),
    TextRule("LGPL-3.0", (f"gnu lesser general public license {_BY_FSF} either version 3",)),
    TextRule("AGPL-3.0", (f"gnu affero general public license {_BY_FSF} either version 3",)),
    *(
        TextRule(family, (f"usr share common licenses {name}",))
        for family, name in (
            ("GPL-2.0", "gpl 2"),
            ("GPL-3.0", "gpl 3"),
            ("LGPL-2.1", "lgpl 2.1"),
            ("LGPL-3.0", "lgpl 3"),
            ("Apache-2.0", "apache 2.0"),
            ("MPL-2.0", "mpl 2.0"),
            (OTHER, "artistic"),
            (OTHER, "gfdl"),
        )
    ),
)

_DEDICATIONS = tuple(
    TextRule(PUBLIC_DOMAIN, (f"{preposition} the public domain",)) for preposition in ("in", "into", "to")
)

_SHORT = frozenset({"MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", PUBLIC_DOMAIN, OTHER})
"""Families whose text has a page at most, so that a long document around one is something else."""

_LEGAL = """
agreement conditions copyright copyrights damages distribute express grant granted hereby implied liability liable
license licensed licensee licenses licensing licensor merchantability permission permissions permitted redistribute
redistribution redistributions sublicense warranties warranty
"""
"""Words that make up 5% to 15% of licence texts and hardly any of other documents."""

_FEW = 0.02
_PAGE_WORDS = 1500
_NOTICE_WORDS = 300
_SENTENCE_WORDS = 100
_WORD = re.compile(r"[a-z0-9]+")


def text_tables() -> object:
    """Everything that `recognised` looks up, as JSON values."""
    return [_TEXTS, _NOTICES, _DEDICATIONS, sorted(_SHORT), _LEGAL.split(), _FEW, _PAGE_WORDS, _NOTICE_WORDS]


def normal_words(text: str) -> str:
    """`text` as lower-case words and numbers with one space between and around them; "licence" is "license"."""
    return f" {' '.join(_WORD.findall(text.lower()))} ".replace("licence", "license")


def recognised(text: str) -> Recognised | None:
    """Which licence `text` is, or None where its phrases do not tell.

    The short notice of a licence counts for it. Two families are `several`. A document without any, or a long one of
    few legal words around a short licence, is no licence. A text that reads like a licence but is none of those known
    is left open, and so is a short one that only names two.
    """
    words = normal_words(text)
    n_words = len(words.split())
    if n_words < 1:
        return None
    legal = frozenset(_LEGAL.split())
    is_legal = sum(word in legal for word in words.split()) >= _FEW * n_words
    texts = _matching(_rules(_TEXTS), words)
    if texts and not is_legal and n_words > _PAGE_WORDS and {rule.family for rule in texts} <= _SHORT:
        return Recognised(NO_LICENCE, f"a licence takes a small part of {n_words} words of something else")
    found = texts + (_matching(_rules(_NOTICES), words) if texts or is_legal or n_words <= _NOTICE_WORDS else [])
    if not found and is_legal:
        found = _matching(_rules(_DEDICATIONS), words)
    families = {rule.family for rule in found}
    if not families:
        return None if is_legal else Recognised(NO_LICENCE, f"no licence phrase, few legal words among {n_words}")
    if len(families) > 1 and not texts and n_words <= _SENTENCE_WORDS:
        return None
    return Recognised(families.pop() if len(families) == 1 else SEVERAL, _quoted(found))


def _matching(rules: tuple[TextRule, ...], words: str) -> list[TextRule]:
    return [
        rule
        for rule in rules
        if all(phrase in words for phrase in rule.phrases) and not any(phrase in words for phrase in rule.without)
    ]


def _quoted(rules: list[TextRule]) -> str:
    return "; ".join(dict.fromkeys(f"{rule.family}: “{rule.phrases[0].strip()}”" for rule in rules))


@functools.cache
def _rules(rules: tuple[TextRule, ...]) -> tuple[TextRule, ...]:
    return tuple(map(_normalised, rules))


def _normalised(rule: TextRule) -> TextRule:
    return TextRule(rule.family, tuple(map(normal_words, rule.phrases)), tuple(map(normal_words, rule.without)))
