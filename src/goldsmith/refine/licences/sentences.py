"""Sentences and labels that put a document under a licence, in several languages, and those that reserve all rights."""

# Words of several languages hold letters that look like others.
# ruff: noqa: RUF001

import functools
import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import islice

from goldsmith.refine.licences import PUBLIC_DOMAIN, RESERVED, Evidence, EvidenceKind
from goldsmith.refine.licences.identifiers import id_of_address, ids_in_expression
from goldsmith.refine.licences.names import LETTER, SPACE, Name, ids_of_label, names_in

HINTS = (
    *("licen", "lizenz", "creative commons", "creativecommons.org", "cc by", "cc-by", "cc0", "gpl", "spdx-"),
    *("public domain", "лиценз", "许可", "許可", "授权", "授權", "ライセンス", "라이선스", "라이센스"),
)
"""What every sentence about a licence has somewhere, in lower case."""

MARKUP_WORDS = ("creativecommons", "licen", "rights", "copyright")
"""What the attributes of an element have to hold to say anything."""

_FARTHEST = 200
"""How far before a name the words are looked for."""

_MOST = 1000
"""How many names, labels and addresses of a document are looked at; a catalogue of licences has more."""

_BEFORE = 160
"""How much before it is read to know what it speaks of."""

_REACH = 70
"""How far a name may stand from the words that put something under it, in code points without repeated spaces."""

_AFTER_NAME = re.compile(
    r"[^.。\n]{0,24}?(?:(?:协议|協議|許可|许可|授权|授權|條款|条款)[^。\n]{0,12}?(?:授权|授權|許可|许可|提供|发布|發布|下)"
    r"|ライセンス(?:の下|のもと|に基づ|で|により)|라이[선센]스(?:에|로|의))"
)
_LABEL = re.compile(r"^[ \t]*Licen[sc]e[ \t]*:[ \t]*(\S[^\r\n]{0,78}\S)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_TAG = re.compile(r"SPDX-License-Identifier:[ \t]{0,9}([^\r\n*<>\"'|#]{2,160}?)[ \t]{0,9}(?:\*/|-->|[\r\n*<>\"'|#]|$)")
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?creativecommons\.org/(?:licen[sc]es|publicdomain)/[\w./+-]+")
_END = re.compile(r"[.;!?。][\"')]?(?:\s|$)")
_SENTENCE_END = re.compile(r"[.!?。;•|](?=\s|$)")

_PARTS = re.compile(
    r"\b(?:photo(?:s|graph(?:s|er|y)?)?|images?|pictures?|fotos?|fotogra\w+|bild(?:er|quelle|nachweis)?|abbildung|grafik"
    r"|illustrations?|icons?|fonts?|videos?|music|flickr|wikimedia commons|unsplash|courtesy|figures?|cr[eé]dits?"
    r"|imagen|imagem|immagine|снимок|фото|third[- ]party|some|few|certain|individual|other)\b|图片|照片|画像|写真|사진",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"\b(?:which|that|whose|who|unless|unlike|if|die|das|qui|que|che)(?:\s+\w+){0,2}$", re.IGNORECASE)

_RESERVATIONS = (
    *("all rights reserved", "all right reserved", "alle rechte vorbehalten", "alle rechten voorbehouden"),
    *("tous droits réservés", "todos los derechos reservados", "todos os direitos reservados", "med ensamrätt"),
    *("tutti i diritti riservati", "wszelkie prawa zastrzeżone", "všechna práva vyhrazena", "все права защищены"),
    *("alle rettigheder forbeholdes", "kaikki oikeudet pidätetään", "minden jog fenntartva", "tüm hakları saklıdır"),
    *("版权所有", "版權所有", "保留所有权利", "無断転載を禁", "無断複製", "모든 권리 보유"),
)

RESERVING_WORDS = tuple(dict.fromkeys(phrase.rpartition(" ")[2] for phrase in _RESERVATIONS))
"""Words, in lower case, of which one stands in whatever reserves all rights."""


@functools.cache
def _pattern_of_grants() -> re.Pattern[str]:
    lines = files("goldsmith.refine.licences").joinpath("grants.txt").read_text(encoding="utf-8").splitlines()
    phrases = (
        line.replace(" ?", f"{SPACE}*").replace(" ", f"{SPACE}+") for line in lines if line and not line.startswith("#")
    )
    return re.compile(rf"(?<!{LETTER})(?:{'|'.join(phrases)}){SPACE}*", re.IGNORECASE)


def stated_in(text: str, lower: str) -> Iterator[Evidence]:
    """What a text says that it is under: tags, sentences, labels, and addresses of licences.

    Args:
        text: the visible text.
        lower: the same in lower case, of the same length.
    """
    for match in _some(_TAG, text) if "spdx-license-identifier" in lower else ():
        for name in ids_in_expression(match[1]):
            yield Evidence(id=name, kind="spdx-tag", quote=match[0].strip(), start=match.start(), end=match.end(1))
    for match in _some(_LABEL, text) if "license:" in lower or "licence:" in lower else ():
        for name in ids_of_label(match[1]):
            yield Evidence(id=name, kind="sentence", quote=match[0].strip(), start=match.start(), end=match.end())
    told: set[str] = set()
    for name in islice(names_in(text, lower), _MOST):
        if name.id not in told and (start := _granted(text, name)) is not None:
            found = _evidence(text, Name(name.id, start, name.end), "sentence")
            told |= set() if found.is_part else {name.id}
            yield found
    for match in _some(_ADDRESS, text) if "creativecommons.org" in lower else ():
        address = id_of_address(match[0])
        if address is not None:
            yield _evidence(text, Name(address, *match.span()), "link")


def reserved_in(text: str, lower: str) -> Iterator[Evidence]:
    """Where a text reserves all rights, the first time in each language."""
    for phrase in _RESERVATIONS:
        if phrase.rpartition(" ")[2] in lower and (found := _form(phrase).search(lower)) is not None:
            start, end = found.span()
            quote = " ".join(text[start:end].split())
            yield Evidence(id=RESERVED, kind="reservation", quote=quote, start=start, end=end)


@functools.cache
def _form(phrase: str) -> re.Pattern[str]:
    return re.compile(phrase.replace(" ", f"{SPACE}{{1,20}}"))


def speaks_of_part(before: str) -> bool:
    """Whether the words before a licence are about a photograph or the like, or about somebody else's work."""
    said = " ".join(before.split())
    end = max((match.end() for match in _SENTENCE_END.finditer(said)), default=0)
    sentence = said[end:]
    return _PARTS.search(sentence) is not None or _OTHERS.search(sentence) is not None


def _some(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    return islice(pattern.finditer(text), _MOST)


def _granted(text: str, name: Name) -> int | None:
    """Where the words begin that put something under a licence that is named; None without such words."""
    if name.id == PUBLIC_DOMAIN:
        return name.start
    first = max(0, name.start - _FARTHEST)
    before = text[first : name.start]
    near = [match.start() for match in _pattern_of_grants().finditer(before) if _joins(before[match.end() :])]
    if near:
        return first + near[-1]
    return name.start if _AFTER_NAME.match(text, name.end) else None


def _joins(between: str) -> bool:
    """Whether words and a name belong together: near each other and in one sentence."""
    return len(" ".join(between.split())) <= _REACH and _END.search(between) is None


def _evidence(text: str, name: Name, kind: EvidenceKind) -> Evidence:
    return Evidence(
        id=name.id,
        kind=kind,
        quote=" ".join(text[name.start : name.end].split()),
        start=name.start,
        end=name.end,
        is_part=speaks_of_part(text[max(0, name.start - _BEFORE) : name.start]),
    )
