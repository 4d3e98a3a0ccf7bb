"""The names of licences as people write them, in several languages."""

# Words of several languages hold letters and dashes that look like others.
# ruff: noqa: RUF001

import functools
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from goldsmith.refine.licences.identifiers import canonical, creative_commons, id_of_address, ids_in_expression

if TYPE_CHECKING:
    from goldsmith.refine.word_screens import Screen

SPACE = r"(?:\s|&nbsp;|&#160;)"
"""White space, and what stands for it in the source of a page."""

LETTER = "[A-Za-zÀ-ɏЀ-ӿ]"
"""A letter of a script that puts spaces between words."""

_ELEMENTS: dict[str, str] = {
    "by": "by|attribution|namensnennung|reconocimiento|atribuci[oó]n|atribui[cç][aã]o|attribuzione|naamsvermelding"
    r"|paternit[eé]|uznanie autorstwa|с указанием авторства|署名|姓名標示|표시|表示|저작자표시"
    "|erkännande|navngivelse|navngivning|kreditering|nimeä|uveďte původ",
    "nc": r"nc|non[-\s]*commercial|nicht[ -]?kommerziell|keine kommerzielle nutzung|no ?comercial|n[aã]o ?comercial"
    r"|pas d['’]utilisation commerciale|non commerciale|nietcommercieel|u[zż]ycie niekomercyjne|некоммерческое"
    r"|非商业性使用|非商业|非營利|非営利|비영리",
    "sa": r"sa|share[-\s]*alike|weitergabe unter gleichen bedingungen|compartir ?igual|compartilha ?igual"
    r"|partage (?:dans les m[eê]mes conditions|[aà] l['’]identique)|condividi allo stesso modo|gelijk ?delen"
    r"|na tych samych warunkach|на тех же условиях|相同方式共享|相同方式分享|継承|동일조건변경허락"
    r"|dela[-/ ]?lika|del(?:ing)? på samme vilkår|jaasamoin|zachovejte licenci",
    "nd": r"nd|no[-\s]?deriv(?:ative)?s?(?: works)?|keine bearbeitung(?:en)?|sin ?obra ?derivada|sem ?deriva[cç][oõ]es"
    r"|pas de modification|non opere derivate|geen ?afgeleide ?werken|bez utwor[oó]w zale[zż]nych"
    r"|禁止演绎|禁止改作|改変禁止|변경금지",
}
_JOIN = rf"(?:{SPACE}|[-–—‐:,()/+]|&[mn]dash;)"
_ANY = "|".join(_ELEMENTS.values())
_VERSION = r"(?:v\.?|version|版本?)?"

_CC = re.compile(
    rf"(?<!{LETTER})(?<!-)(?:creative{SPACE}+commons|クリエイティブ・コモンズ|크리에이티브{SPACE}커먼즈|知识共享|知識共享|創用|cc)(?:{_JOIN}|licen[sc]es?\b|[\w-]*lizenz\b|licen[cç][ei]a?s?\b|licentie\b"
    rf"|许可协议|許可協議){{0,6}}?"
    rf"(?:(?P<zero>zero|0)\b|(?P<elements>(?:{_ANY})(?:{_JOIN}{{1,4}}(?:{_ANY}))*)(?![a-z]))"
    rf"{_JOIN}{{0,3}}(?P<named>(?:(?:unported|international|generic|public|licen[sc]e|lizenz){_JOIN}{{1,2}}){{0,3}})"
    rf"(?:{_VERSION}{_JOIN}{{0,2}}(?P<version>[1-4]\.\d))?",
    re.IGNORECASE,
)
_CC_SHORT = "cc"
_CC_WORDS = ("creative", _CC_SHORT, "クリエイティブ", "크리에이티브", "知识共享", "知識共享", "創用")
_BY_FSF = "(?:,? as published by the Free Software Foundation)?[,;]?(?: either)?"
_BEFORE, _AFTER = 60, 300
"""How far a name reaches around the word that it is found by."""

_SHORT = 400
"""Code points of a text that is searched at once, such as a label."""

_LETTERS_BEFORE = {"bsd": ("free",), "fdl": ("g",)}
"""Letters that can stand right before a word in a name: FreeBSD, GFDL."""

_LATER = re.compile(
    rf"(?:{SPACE}{{1,9}}of{SPACE}{{1,9}}th(?:e|is){SPACE}{{1,9}}Licen[sc]e)?{SPACE}{{0,9}}[,;(]?{SPACE}{{0,9}}(?:\+|(?:or|oder|ou|o|или){SPACE}{{1,9}}(?:\((?:at|nach)[^)]{{0,40}}\){SPACE}{{0,9}})?"
    rf"(?:any{SPACE}{{1,9}}|jede[nr]?{SPACE}{{1,9}})?(?:later|newer|higher|neuere|spätere|post[eé]rieure?|posterior))",
    re.IGNORECASE,
)
_ONLY = re.compile(rf"{SPACE}{{0,9}},?{SPACE}{{0,9}}only\b", re.IGNORECASE)
_GNU = re.compile(r"(?:A|L)?GPL-\d\.\d|GFDL-\d\.\d")


class Name(NamedTuple):
    """A licence that is named in a text, and where."""

    id: str
    start: int
    end: int


class _Named(NamedTuple):
    r"""How a licence is named.

    Attributes:
        meaning: what it is, in which `\1` is what the form found.
        words: words of which one is in the name.
        beside: for each of them another that is in the name then; nothing without one.
        form: the form of the name.
    """

    meaning: str
    words: tuple[str, ...]
    beside: tuple[str, ...]
    form: re.Pattern[str]


def names_in(text: str, lower: str) -> Iterator[Name]:
    """The licences that are named in a text, from left to right; of names that overlap, the first and longest.

    Args:
        text: any text.
        lower: the same in lower case, of the same length.
    """
    last = 0
    for name in sorted(_all_names(text, lower), key=lambda name: (name.start, -name.end)):
        if name.start >= last:
            last = name.end
            yield name


@functools.lru_cache(maxsize=4096)
def ids_of_label(text: str) -> tuple[str, ...]:
    """The licences that a short text such as a column names: an expression, an address, or a name.

    Example:
        >>> ids_of_label("cc-by-sa-4.0"), ids_of_label("The MIT License"), ids_of_label("other")
        (('CC-BY-SA-4.0',), ('MIT',), ())
    """
    label = text.strip().removeprefix("license:").strip()
    found = ids_in_expression(label)
    if found:
        return found
    address = id_of_address(label)
    if address is not None:
        return (address,)
    return tuple(dict.fromkeys(name.id for name in names_in(label[:_SHORT], label[:_SHORT].lower())))


def _all_names(text: str, lower: str) -> Iterator[Name]:
    for start, end in _windows(lower, _CC_WORDS) if _may_hold_creative_commons(lower) else ():
        for match in _CC.finditer(text, start, end):
            yield Name(_creative_commons_named(match["elements"], match["zero"], match["version"]), *match.span())
    for named in _possible_names(lower):
        for start, end in _windows(lower, named.words):
            for match in named.form.finditer(text, start, end):
                name = _with_version(match.expand(named.meaning))
                if name is not None:
                    yield _with_choice(name, text, match)


def _may_hold_creative_commons(lower: str) -> bool:
    """Whether some word of its names stands in a text, and not just the two letters inside of another word."""
    if any(word in lower for word in _CC_WORDS if word != _CC_SHORT):
        return True
    place = lower.find(_CC_SHORT)
    while place > 0 and "a" <= lower[place - 1] <= "z":
        place = lower.find(_CC_SHORT, place + 1)
    return place >= 0


def _possible_names(lower: str) -> Iterable[_Named]:
    """The licences that a text can name, by the words of their names."""
    if len(lower) <= _SHORT:
        return _known_names() if _words_of_names().search(lower) else ()
    from goldsmith.refine.word_screens import groups_in  # noqa: PLC0415 - loads the compiler's library

    held = groups_in(lower, _screen())
    return [named for named, needed in _needed() if any(held & bits == bits for bits in needed)]


@functools.cache
def _words_of_names() -> re.Pattern[str]:
    return re.compile("|".join(sorted({word for named in _known_names() for word in named.words})))


@functools.cache
def _needed() -> tuple[tuple[_Named, tuple[int, ...]], ...]:
    """Each name with the bits of words in the screen: of one of these sums, a text has to hold all."""
    places = {word: place for place, word in enumerate(_screened_words())}
    return tuple(
        (named, tuple(sum(1 << places[each] for each in {word, other} - {""}) for word, other in _pairs(named)))
        for named in _known_names()
    )


@functools.cache
def _screen() -> "Screen":
    """The words of all names; most of them have to begin where they stand, as `mpl` does not in `example`."""
    from goldsmith.refine.word_screens import screen_of  # noqa: PLC0415 - loads the compiler's library

    return screen_of(
        *(tuple(rf"\b{before}{word}" for before in ("", *_LETTERS_BEFORE.get(word, ()))) for word in _screened_words())
    )


def _screened_words() -> tuple[str, ...]:
    words = (word for named in _known_names() for pair in _pairs(named) for word in pair if word)
    return tuple(dict.fromkeys(words))


def _pairs(named: _Named) -> Iterator[tuple[str, str]]:
    return zip(named.words, named.beside, strict=True)


def _windows(lower: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """The parts of a text around these words, none of which overlap."""
    places: list[int] = []
    for word in words:
        place = lower.find(word)
        while place >= 0:
            places.append(place)
            place = lower.find(word, place + len(word))
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        start, end = max(0, place - _BEFORE), min(len(lower), place + _AFTER)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _creative_commons_named(elements: str | None, zero: str | None, version: str | None) -> str:
    if zero:
        return "CC0-1.0"
    named = {short for short, pattern in _patterns() if pattern.search(elements or "")}
    return creative_commons("-".join(sorted(named)), version)


@functools.cache
def _known_names() -> tuple[_Named, ...]:
    lines = files("goldsmith.refine.licences").joinpath("names.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(_named(meaning, words, form) for meaning, words, form in rows)


def _named(meaning: str, words: str, form: str) -> _Named:
    pairs = [word.partition("+") for word in words.split("|")]
    return _Named(meaning, tuple(word for word, _, _ in pairs), tuple(other for _, _, other in pairs), _form(form))


def _form(form: str) -> re.Pattern[str]:
    spaced = form.replace("BY-FSF", _BY_FSF).replace(" ?", f"{SPACE}?").replace(" ", f"{SPACE}+")
    return re.compile(rf"(?<![\w-])(?:{spaced})", re.IGNORECASE)


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (short, re.compile(rf"(?<![a-z])(?:{names})(?![a-z])", re.IGNORECASE)) for short, names in _ELEMENTS.items()
    )


def _with_version(name: str) -> str | None:
    return canonical(name) or canonical(f"{name}.0")


def _with_choice(name: str, text: str, match: re.Match[str]) -> Name:
    """A GNU licence with what is said about later versions."""
    if _GNU.fullmatch(name) is None:
        return Name(name, *match.span())
    for pattern, suffix in ((_LATER, "or-later"), (_ONLY, "only")):
        said = pattern.match(text, match.end())
        if said is not None:
            return Name(canonical(f"{name}-{suffix}") or name, match.start(), said.end())
    return Name(name, *match.span())
