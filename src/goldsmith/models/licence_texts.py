"""Tells which licence a text is by phrases that only that licence has."""

from collections.abc import Sequence
from typing import NamedTuple

from goldsmith.models.licences import NO_LICENCE, OTHER, PUBLIC_DOMAIN, SEVERAL, family_of
from goldsmith.refine.licences.texts import DEDICATIONS, NOTICES, TEXTS, TextRule, matching, normal_words


class Recognised(NamedTuple):
    """A family and what it was recognised by."""

    family: str
    evidence: str


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


def text_tables() -> object:
    """Everything that `recognised` looks up, as JSON values."""
    return [
        *map(_table, (TEXTS, NOTICES, DEDICATIONS)),
        sorted(_SHORT),
        _LEGAL.split(),
        _FEW,
        _PAGE_WORDS,
        _NOTICE_WORDS,
    ]


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
    texts = matching(TEXTS, words)
    if texts and not is_legal and n_words > _PAGE_WORDS and {family_of(rule.licence) for rule in texts} <= _SHORT:
        return Recognised(NO_LICENCE, f"a licence takes a small part of {n_words} words of something else")
    found = texts + (matching(NOTICES, words) if texts or is_legal or n_words <= _NOTICE_WORDS else [])
    if not found and is_legal:
        found = matching(DEDICATIONS, words)
    families = {family_of(rule.licence) for rule in found}
    if not families:
        return None if is_legal else Recognised(NO_LICENCE, f"no licence phrase, few legal words among {n_words}")
    if len(families) > 1 and not texts and n_words <= _SENTENCE_WORDS:
        return None
    return Recognised(families.pop() if len(families) == 1 else SEVERAL, _quoted(found))


def _quoted(rules: Sequence[TextRule]) -> str:
    return "; ".join(dict.fromkeys(f"{family_of(rule.licence)}: “{rule.phrases[0].strip()}”" for rule in rules))


def _table(rules: Sequence[TextRule]) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(family_of(rule.licence), rule.phrases, rule.without) for rule in rules]
