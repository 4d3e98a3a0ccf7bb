"""Looking for a few words first saves searches for licences, and never loses one that is there."""

# Names and letters of several languages look like others.
# ruff: noqa: RUF001

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.refine.extraction.pages import bytes_of
from goldsmith.refine.extraction.tags import BLOCK, HIDDEN, NAMES, RAW, tags
from goldsmith.refine.extraction.tokens import START, TEXT, tokens_of
from goldsmith.refine.licences.names import names_in
from goldsmith.refine.licences.texts import (
    NOTICES,
    TEXTS,
    TextRule,
    normal_words,
    normalised,
    possible_rules,
    telling_words,
    texts_in,
)
from goldsmith.refine.markup import Page
from goldsmith.refine.word_screens import groups_in, screen_of

RULES = normalised((*TEXTS, *NOTICES))
PHRASES = sorted({phrase for rule in RULES for phrase in (*rule.phrases, *rule.without)})
WORDS = sorted({word for phrase in PHRASES for word in phrase.split()})
FILLER = "It goes on and on, with example, limit, discussion, regional, ISO and general words. " * 6
NAMED = [
    *(
        "Apache License, Version 2.0",
        "Apache-2.0",
        "the Expat license",
        "licencia MIT",
        "ISC licence",
        "FreeBSD license",
    ),
    *(
        "3-clause BSD",
        "BSD-style license",
        "GNU Affero General Public License version 3",
        "AGPLv3",
        "LGPL-2.1",
        "GFDL 1.3",
    ),
    *("GNU&nbsp;Library General Public License 2", "version 2 of the GNU General Public License", "GPL-3.0", "GNU GPL"),
    *("GNU Free Documentation License", "GNU-Lizenz für freie Dokumentation", "FDL 1.2", "Mozilla Public License 2.0"),
    *(
        "MPL 2.0",
        "Eclipse Public License - v 1.0",
        "EUPL 1.2",
        "European Union Public Licence 1.1",
        "Artistic License 2.0",
    ),
    *(
        "Boost Software License",
        "SIL Open Font License",
        "ODbL",
        "Open Database License",
        "Open Government Licence v3.0",
    ),
    *(
        "Licence Ouverte 2.0",
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "PostgreSQL License",
        "Unlicense",
    ),
    *("PHP License, version 3.01", "Python Software Foundation License", "PSF licence", "zlib/libpng license"),
    *(
        "placed in the public domain",
        "ist gemeinfrei",
        "CC BY-SA 4.0",
        "1cc by 4.0",
        "Creative Commons Attribution 3.0",
    ),
    *("知识共享署名 4.0", "cc0", "access by 4.0", "bcc by 4.0", "_cc-by 4.0", "xmpl 2.0", "éAGPLv3", "xGPL-3.0"),
]


def held_by(text: str) -> list[TextRule]:
    return possible_rules(groups_in(text, screen_of(*((word,) for word in telling_words()))))


@given(
    st.lists(st.sampled_from(PHRASES) | st.sampled_from(WORDS), max_size=10),
    st.sampled_from([" ", "\n * ", ", ", "İ", "-"]),
)
def test_no_licence_text_is_lost_for_its_telling_words(parts: list[str], between: str):
    text = between.join(between.join(part.split()) for part in parts)

    assert list(texts_in(text, text, held_by(text))) == list(texts_in(text, text, RULES))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_possible_for_its_own_phrases(rule: TextRule):
    assert rule in held_by(" ".join(rule.phrases))


def test_few_rules_are_possible_for_other_texts():
    assert held_by(FILLER) == []
    assert held_by(f"{FILLER} advertising materials") == []


@given(st.text("Aaİzé09.  \n\u212aſ漢", max_size=30))
def test_normal_words_are_those_of_letters_and_digits(text: str):
    assert normal_words(text) == f" {' '.join(re.findall('[a-z0-9]+', text.lower()))} "


@given(st.sampled_from(NAMED), st.sampled_from(["", "under the ", "xy", "-", "é", "(", "&nbsp;"]), st.randoms())
def test_a_name_is_found_in_a_long_text_as_in_a_short_one(name: str, before: str, rng: random.Random):
    written = before + rng.choice([name, name.upper(), name.lower()])
    long = f"{FILLER}\n{written}"

    found = list(names_in(long, long.lower()))

    short = names_in(f"\n{written}", f"\n{written}".lower())
    shift = len(FILLER)
    assert found == [name._replace(start=name.start + shift, end=name.end + shift) for name in short]


@pytest.mark.parametrize(("text", "found"), [("1cc by 4.0", ["CC-BY-4.0"]), ("access, success by 4.0", [])])
def test_two_letters_inside_of_a_word_are_no_name(text: str, found: list[str]):
    assert [name.id for name in names_in(text, text)] == found


@given(st.text("rightsRIGHTS_1é .-漢", max_size=12).map(lambda text: f"{text}rights{text[::-1]}"))
def test_edges_of_words_are_those_of_ascii(text: str):
    is_alone = re.search(rb"rights(?<!\wrights)\b", text.lower().encode()) is not None
    begins = re.search(rb"(?<!\w)rights", text.lower().encode()) is not None

    assert groups_in(text, screen_of((r"\brights\b",), (r"\brights",), ("rights",))) == is_alone | begins << 1 | 4


PIECES = [
    *("<p>", "</p>", "<pre>", "</pre>", "<b>", "</b>", "<br>", "<script>", "</script>", "<title>", "</title>", "<xmp>"),
    *(
        "</xmp>",
        "<!-- no -->",
        "<td a='>'>",
        "<pre/>",
        "</div>",
        "words ",
        "ein Wörtchen",
        "漢字",
        "&lt;",
        "<",
        "a > b",
        "\n",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_the_visible_text_is_that_of_the_tokens(html: str):
    """The same, token by token: slow, and plain to read."""
    page, tokens = bytes_of(html), tokens_of(bytes_of(html))
    kinds: list[int] = tokens.kinds.tolist()
    numbers: list[int] = tokens.names.tolist()
    names, roles = [NAMES[number] for number in numbers], [int(tags().kinds[number]) for number in numbers]
    shown: list[tuple[str, int, bool, bool]] = []
    depth, is_apart = 0, False
    for token, (kind, name) in enumerate(zip(kinds, names, strict=True)):
        if kind != TEXT:
            depth += (name == "pre") * (1 if kind == START else -1)
            is_apart = is_apart or roles[token] & BLOCK > 0 or name == "br"
        elif not (token and kinds[token - 1] == START and roles[token - 1] & (HIDDEN | RAW) == HIDDEN | RAW):
            start, end = int(tokens.starts[token]), int(tokens.ends[token])
            shown.append((page[start:end].tobytes().decode(), start, depth > 0, is_apart))
            is_apart = False
    n_listed = sum(len(text.encode()) for text, _, is_listed, _ in shown if is_listed)
    if 2 * n_listed < sum(len(text.encode()) for text, *_ in shown):
        edges = [each[3] for each in shown]
        for place, each in enumerate(shown[:-1]):
            edges[place + 1] = edges[place + 1] or (each[2] and edges[place])
        shown = [(*each[:3], edge) for each, edge in zip(shown, edges, strict=True) if not each[2]]

    visible = Page(html).visible()

    assert visible.text == "".join(" " * is_apart + text for text, _, _, is_apart in shown)
    offset = 0
    for text, start, _, is_apart in shown:
        offset += is_apart
        assert visible.place(offset) == len(page[:start].tobytes().decode())
        offset += len(text)
