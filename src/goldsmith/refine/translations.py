"""Finds traces of machine translation in texts and pages: what says so, and never what only reads like it."""

# Phrases in several scripts hold characters that look like others.
# ruff: noqa: RUF001

import functools
import re
from typing import Literal, NamedTuple

import msgspec

TraceKind = Literal["engine", "credit", "plugin"]
"""What a trace is: what an engine left in a page that it rewrote; a sentence that says that the text was translated by
a machine; a program of the site that offers machine translations, of which this page need not be one."""

_MAX_QUOTE = 160

_ENGINES = r"(?:google|deepl|bing|microsoft translator|yandex|яндекс|chatgpt)"

_MARKUP: tuple[tuple[TraceKind, str, str, str], ...] = (
    (
        "engine",
        "google-translate",
        "vertical-align: inherit",
        r"<font[^<>]{0,99}vertical-align: inherit[^<>]{0,99}>\s*<font",
    ),
    ("engine", "google-translate", "translated-", r"<html[^<>]{0,999}\btranslated-(?:ltr|rtl)\b"),
    ("engine", "microsoft-translator", "_msttexthash", r"\b_msttexthash\s*=\s*[\"']?\d+"),
    ("plugin", "weglot", "weglot", r"\bcdn\.weglot\.com\b|\bweglot\.min\.js\b"),
    ("plugin", "gtranslate", "gtranslate", r"\bcdn\.gtranslate\.net\b|\bgtranslate_wrapper\b|\bgtranslatesettings\b"),
    ("plugin", "wpml", "wpml ver", r"<meta[^<>]{0,99}content=[\"']wpml ver[^\"'<>]{0,99}"),
    ("plugin", "translatepress", "translatepress", r"/plugins/translatepress-multilingual/"),
    ("plugin", "google-widget", "translate_a/element.js", r"translate\.google\.com/translate_a/element\.js"),
)
"""Traces in the source of a page: kind, name, what is in the page in lower case, and the pattern."""

_CREDITS = (
    (
        r"\bthis (?:page|article|text|content|document|post|site|website) (?:has been|was|is) "
        r"(?:automatically|machine)[ -]translated\b"
    ),
    rf"\b(?:machine |automatically )?translated (?:by|with|using) (?:www\.)?{_ENGINES}\b",
    r"\b(?:seite|artikel|text|dokument|beitrag|inhalte?) (?:wurden?|ist|sind) (?:automatisch|maschinell) übersetzt\b",
    rf"\bübersetzt (?:mit|von|durch) (?:www\.)?{_ENGINES}\b",
    (
        r"\b(?:page|article|texte|document|contenu) (?:a été|est) (?:automatiquement traduite?"
        r"|traduite? automatiquement)\b"
    ),
    rf"\btraduite? (?:par|avec) (?:www\.)?{_ENGINES}\b",
    (
        r"\b(?:página|artículo|texto|documento|contenido) (?:ha sido|fue|está) (?:traducid[oa] automáticamente"
        r"|automáticamente traducid[oa])\b"
    ),
    rf"\btraducid[oa] (?:por|con) (?:www\.)?{_ENGINES}\b",
    r"\b(?:pagina|articolo|testo|documento|contenuto) è stat[oa] tradott[oa] automaticamente\b",
    rf"\btradott[oa] (?:da|con) (?:www\.)?{_ENGINES}\b",
    r"\b(?:página|artigo|texto|documento|conteúdo) foi traduzid[oa] automaticamente\b",
    rf"\btraduzid[oa] (?:por|pelo|com) (?:www\.)?{_ENGINES}\b",
    r"\b(?:pagina|artikel|tekst|document) (?:is|werd) (?:automatisch|machinaal) vertaald\b",
    rf"\bvertaald (?:door|met) (?:www\.)?{_ENGINES}\b",
    r"\b(?:strona|artykuł|tekst|dokument|treść) został[ao]? (?:automatycznie|maszynowo) przetłumaczon[ay]\b",
    r"\b(?:страница|статья|текст|документ) (?:была? )?(?:автоматически переведена?|переведена? автоматически)\b",
    rf"\bпереведено (?:с помощью )?{_ENGINES}\b",
    r"\b(?:sayfa|makale|metin|belge) otomatik olarak (?:çevrilmiştir|çevrildi)\b",
    r"本(?:文|页面?|頁面?|文章)(?:是|为|為)?由?(?:机器|機器|自动|自動|谷歌|google)(?:自动|自動)?翻[译譯]",
    r"この(?:記事|ページ|文書|文章)は、?(?:機械|自動)翻訳",
    r"이 (?:페이지|문서|글|기사)는 (?:자동|기계)(?:으로)? ?번역",
)
"""Sentences that say that a text was translated by a machine, in lower case."""

_HINTS = (
    *("translated", "übersetzt", "tradui", "traduc", "tradott", "traduz", "vertaald", "przetłumaczon", "перевед"),
    *("otomatik olarak", "翻译", "翻譯", "翻訳", "번역"),
)
"""One of these is in every text with a credit, in lower case."""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """One trace of machine translation.

    Attributes:
        kind: what it is.
        name: the engine or the program, or `credit`.
        start: where it begins, in characters.
        end: where it ends.
        quote: what stands there.
    """

    kind: TraceKind
    name: str
    start: int
    end: int
    quote: str


class _Pattern(NamedTuple):
    kind: TraceKind
    name: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


def traces_of(text: str) -> list[Trace]:
    """The first trace of each engine and program, and the first credit, in the order in which they stand."""
    lowered = text.lower()
    found: dict[tuple[TraceKind, str], Trace] = {}
    for each in _patterns():
        if any(hint in lowered for hint in each.hints) and (match := each.pattern.search(text)):
            start, end = match.span()
            trace = Trace(kind=each.kind, name=each.name, start=start, end=end, quote=match[0][:_MAX_QUOTE])
            known = found.get((each.kind, each.name))
            if known is None or start < known.start:
                found[each.kind, each.name] = trace
    return sorted(found.values(), key=lambda trace: (trace.start, trace.kind))


@functools.cache
def _patterns() -> tuple[_Pattern, ...]:
    markup = (_Pattern(kind, name, (hint,), _compiled(pattern)) for kind, name, hint, pattern in _MARKUP)
    return (*markup, _Pattern("credit", "credit", _HINTS, _compiled("|".join(_CREDITS))))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
