"""The phrases that only the text, or the short notice, of one licence has."""

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from goldsmith.refine.licences import PUBLIC_DOMAIN, Evidence


class TextRule(NamedTuple):
    """A text holds `licence` when all of `phrases` occur in it and none of `without`."""

    licence: str
    phrases: tuple[str, ...]
    without: tuple[str, ...] = ()


_MIT_GRANT = "to deal in the software without restriction"
_MIT_STAYS = "shall be included in all copies or substantial portions of"
_IN_DOCUMENTATION = "appear in supporting documentation"
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

TEXTS = (
    TextRule("MIT", (_MIT_GRANT, _MIT_STAYS), (_NOT_EVIL,)),
    TextRule("ICU", (_MIT_GRANT, _IN_DOCUMENTATION), (_MIT_STAYS,)),
    TextRule("LicenseRef-MIT", (_MIT_GRANT,), (_MIT_STAYS, _IN_DOCUMENTATION)),
    TextRule("JSON", (_MIT_GRANT, _NOT_EVIL)),
    TextRule("BSD-2-Clause", (_BSD_GRANT, _BSD_SOURCE, _BSD_BINARY), (_BSD_NAMES, _BSD_CREDIT, _APACHE_1)),
    TextRule("BSD-3-Clause", (_BSD_GRANT, _BSD_SOURCE, _BSD_BINARY, _BSD_NAMES), (_BSD_CREDIT, _APACHE_1)),
    TextRule("BSD-4-Clause", (_BSD_GRANT, _BSD_CREDIT), (_APACHE_1,)),
    TextRule("Apache-1.1", (_BSD_GRANT, _APACHE_1, "apache software foundation")),
    TextRule("LicenseRef-BSD-credit", (_BSD_GRANT, _APACHE_1), ("apache software foundation",)),
    TextRule("BSD-1-Clause", (_BSD_GRANT, _BSD_SOURCE), (_BSD_BINARY, _BSD_NAMES)),
    TextRule("LicenseRef-BSD", (_BSD_GRANT, _BSD_SOURCE, _BSD_NAMES), (_BSD_BINARY,)),
    TextRule("Apache-2.0", ("apache license version 2.0 january 2004", "grant of patent license")),
    TextRule(
        "MPL-2.0", ("mozilla public license version 2.0", "1.1 contributor means each individual or legal entity")
    ),
    TextRule("ISC", (f"{_FEE} provided that", "disclaims all warranties")),
    TextRule("ISC", (f"{_FEE} provided that", "disclaim all warranties")),
    TextRule("LicenseRef-HPND", (f"{_FEE} provided that", "as is without warranty of any kind"), (_MIT_GRANT,)),
    TextRule("0BSD", (f"{_FEE} the software is provided",), (_PSF,)),
    TextRule("PSF-2.0", (_PSF,)),
    TextRule("GPL-2.0", ("gnu general public license version 2 june 1991", _VERBATIM)),
    TextRule("GPL-3.0", ("gnu general public license version 3 29 june 2007", _VERBATIM)),
    TextRule("LGPL-2.1", ("gnu lesser general public license version 2.1 february 1999", _VERBATIM)),
    TextRule("LGPL-3.0", ("gnu lesser general public license version 3 29 june 2007", _VERBATIM)),
    TextRule("AGPL-3.0", ("gnu affero general public license version 3 19 november 2007", _VERBATIM)),
    TextRule("Unlicense", ("this is free and unencumbered software released into the public domain",)),
    TextRule("CC0-1.0", ("cc0 1.0 universal", "affirmer")),
    TextRule("Zlib", ("the origin of this software must not be misrepresented", "altered source versions must be")),
    TextRule("GPL-1.0", ("gnu general public license version 1 february 1989", _VERBATIM)),
    TextRule("LGPL-2.0", ("gnu library general public license version 2 june 1991", _VERBATIM)),
    TextRule("LicenseRef-GFDL", ("gnu free documentation license", _VERBATIM)),
    TextRule("BSL-1.0", ("boost software license version 1.0", "permission is hereby granted free of charge")),
    TextRule("LicenseRef-Artistic", ("artistic license", "the copyright holder maintains")),
    TextRule("LicenseRef-Artistic", ("artistic license", "the copyright holder intends")),
    TextRule("MPL-1.1", ("mozilla public license version 1.1", "means the entity that first makes")),
    TextRule("LicenseRef-EPL", ("eclipse public license", "recipient s acceptance of this agreement")),
    TextRule(
        "LicenseRef-CDDL",
        ("common development and distribution license", "means each individual or entity that creates"),
    ),
    TextRule("OFL-1.1", ("sil open font license version 1.1", "the font software may be sold as part of")),
    TextRule("LicenseRef-CC-BY", ("creative commons attribution", "licensed rights")),
    TextRule("LicenseRef-CC-BY", ("creative commons attribution", "you may distribute publicly display")),
    TextRule("WTFPL", ("do what the fuck you want to public license", "0 you just do what")),
    TextRule("LicenseRef-ISSL", ("intel simplified software license",)),
    TextRule("BlueOak-1.0.0", ("blue oak model license",)),
    TextRule("UPL-1.0", ("universal permissive license",)),
    TextRule("BUSL-1.1", ("business source license 1.1", "additional use grant")),
    TextRule("SSPL-1.0", ("server side public license version 1", _VERBATIM)),
    TextRule("LicenseRef-GCC-exception-3.1", ("gcc runtime library exception version 3.1", _VERBATIM)),
    TextRule("LicenseRef-Commons-Clause", ("commons clause license condition",)),
    TextRule("LicenseRef-Unicode", ("to deal in the data files or software without restriction",)),
    TextRule("NCSA", (_NCSA,)),
    TextRule("LicenseRef-HPND", ("this software and its documentation for any purpose", "hereby granted"), (_PSF,)),
    TextRule("LicenseRef-HPND", ("this software for any purpose and without fee is hereby granted",)),
)

_BY_FSF = "as published by the free software foundation"
NOTICES = (
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
        TextRule(licence, (f"usr share common licenses {name}",))
        for licence, name in (
            ("GPL-2.0", "gpl 2"),
            ("GPL-3.0", "gpl 3"),
            ("LGPL-2.1", "lgpl 2.1"),
            ("LGPL-3.0", "lgpl 3"),
            ("Apache-2.0", "apache 2.0"),
            ("MPL-2.0", "mpl 2.0"),
            ("LicenseRef-Artistic", "artistic"),
            ("LicenseRef-GFDL", "gfdl"),
        )
    ),
)

DEDICATIONS = tuple(
    TextRule(PUBLIC_DOMAIN, (f"{preposition} the public domain",)) for preposition in ("in", "into", "to")
)

_WORDS_ALONE = bytes(code if chr(code).isalnum() and code < 0x80 else 0x20 for code in range(256))
"""Small letters and digits of ASCII as they are, and a space for everything else."""

_SHORT = frozenset({_MIT_GRANT, _BSD_GRANT, _FEE, f"{_FEE} provided that", _NCSA})
"""What licences of a page begin with: their other phrases follow on that page, before the next such beginning."""

_DOTTED_I = ("\u0130", "\u0130".lower())
"""The one letter that texts in lower case keep, for it becomes two."""

_PAGE, _PAGES = 2000, 8000
"""How far the phrases of one licence lie apart, in code points of normal words."""

_N_TELLING = 2
"""How many words of a rule are looked for before its phrases."""

_USUAL = frozenset({"software", "documentation", "provided", "distribution"})
"""Long words that stand in half of all texts about programs, and tell little."""

CUES = ("licen", "permission", "redistribution", "public domain", "warrant")


def normal_words(text: str) -> str:
    """`text` as lower-case words and numbers with one space between and around them; "licence" is "license"."""
    return _joined(text.lower())


def _joined(lower: str) -> str:
    words = lower.encode("ascii", "replace").translate(_WORDS_ALONE).decode().split()
    return f" {' '.join(words)} ".replace("licence", "license")


def matching(rules: tuple[TextRule, ...], words: str) -> list[TextRule]:
    """The rules that hold for words as `normal_words` gives them."""
    return [
        rule
        for rule in normalised(rules)
        if all(phrase in words for phrase in rule.phrases) and not any(phrase in words for phrase in rule.without)
    ]


def texts_in(text: str, lower: str, rules: Sequence[TextRule]) -> Iterator[Evidence]:
    """The licences whose words, or short notice, a text holds, where their first phrase stands.

    Args:
        text: the visible text.
        lower: the same in lower case, of the same length.
        rules: the rules that can hold, by `possible_rules`.
    """
    words = _joined(lower.replace(*_DOTTED_I)) if rules else ""
    for rule in rules:
        nth = _first_together(rule, words)
        if nth is not None:
            places = _pattern(rule.phrases[0]).finditer(lower)
            found = next(itertools.islice(places, nth, None), None)
            start, end = (0, 0) if found is None else found.span()
            yield Evidence(id=rule.licence, kind="text", quote=" ".join(text[start:end].split()), start=start, end=end)


@functools.cache
def telling_words() -> tuple[str, ...]:
    """The words by which `possible_rules` tells which licences a text can hold."""
    return tuple(dict.fromkeys(word for rule in normalised((*TEXTS, *NOTICES)) for word in _telling(rule)))


def possible_rules(held: int) -> list[TextRule]:
    """The rules for licences and notices that can hold for a text.

    Args:
        held: the sum of `1 << place` of those of `telling_words` that stand somewhere in the text in lower case.
    """
    return [rule for rule, needed in _needed() if held & needed == needed]


@functools.cache
def _needed() -> tuple[tuple[TextRule, int], ...]:
    """Each rule with the bits of the words that it needs."""
    places = {word: place for place, word in enumerate(telling_words())}
    return tuple((rule, sum(1 << places[word] for word in _telling(rule))) for rule in normalised((*TEXTS, *NOTICES)))


def _telling(rule: TextRule) -> list[str]:
    """The longest words that a text has to hold for a rule.

    None that is spelled in two ways, and none that can end in a capital i with a dot, which has no small letter.
    """
    words = {word for phrase in rule.phrases for word in phrase.split()}
    plain = [word for word in words if word.isalpha() and "licen" not in word and not word.endswith("i")]
    return sorted(plain, key=lambda word: (word in _USUAL, -len(word), word))[:_N_TELLING]


def _first_together(rule: TextRule, words: str) -> int | None:
    """Which occurrence of the rule's first phrase, from 0, is the first with the other phrases around it."""
    first, *others = rule.phrases
    if any(phrase not in words for phrase in others):
        return None
    is_short = first.strip() in _SHORT
    place, nth = words.find(first), 0
    while place >= 0:
        following = words.find(first, place + len(first) - 1)
        end = place + (_PAGE if is_short else _PAGES)
        if is_short and following >= 0:
            end = min(end, following)
        around = words[place if is_short else max(0, place - _PAGES) : end]
        if all(phrase in around for phrase in others) and not any(phrase in around for phrase in rule.without):
            return nth
        place, nth = following, nth + 1
    return None


@functools.cache
def normalised(rules: tuple[TextRule, ...]) -> tuple[TextRule, ...]:
    """The rules with their phrases as `normal_words` gives them."""
    return tuple(
        TextRule(rule.licence, tuple(map(normal_words, rule.phrases)), tuple(map(normal_words, rule.without)))
        for rule in rules
    )


@functools.cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """The words of a phrase with anything but letters and digits between them."""
    words = (re.escape(word).replace("license", "licen[cs]e") for word in phrase.split())
    return re.compile(rf"(?<![a-z0-9]){r'[^a-z0-9]+'.join(words)}(?![a-z0-9])")
