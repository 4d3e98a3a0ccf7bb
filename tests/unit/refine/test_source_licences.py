"""Which licence documents say that they are under, and where they say so."""

# Sentences in several languages hold letters that look like others; one case is one line.
# ruff: noqa: RUF001, E501, ISC004

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.refine.licences import RESERVED
from goldsmith.refine.licences.identifiers import canonical, id_of_address, ids_in_expression
from goldsmith.refine.licences.names import ids_of_label
from goldsmith.refine.stages.licence_evidence import LicenceEvidence
from tests.unit.refine.source_lab import Given, stops_of, values_of

MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy, to deal
 * in the Software without restriction. The above copyright notice and this permission notice shall be
 * included in all copies or substantial portions of the Software."""
BSD = """Redistribution and use in source and binary forms are permitted provided that redistributions of source code
must retain the above copyright notice. {0}"""
BINARY = "Redistributions in binary form must reproduce the above copyright notice."
NAMES = "Neither the name of X may be used to endorse or promote products derived from this software."
CREDIT = "All advertising materials mentioning features or use of this software must say so."


def found(text: str, *, media: str = "text", **meta: str) -> dict[str, Any]:
    return values_of(LicenceEvidence(), Given("a", text, meta, media))


def licences(text: str, *, media: str = "text", **meta: str) -> list[str]:
    return found(text, media=media, **meta)["licences"] or []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This work is licensed under a Creative Commons Attribution-ShareAlike 4.0 International License.", "CC-BY-SA-4.0"),
        ("Text is available under the Creative Commons Attribution-ShareAlike License; terms apply.", "LicenseRef-CC-BY-SA"),
        ("Except where noted, content on this site is licensed under a CC BY-NC-ND 3.0 license.", "CC-BY-NC-ND-3.0"),
        ("Licensed under a Creative Commons Attribution-Noncommercial-Share alike 3.0 United States License", "CC-BY-NC-SA-3.0"),
        ("Dieses Werk ist lizenziert unter einer Creative Commons Namensnennung 4.0 International Lizenz.", "CC-BY-4.0"),
        ("Der Text steht unter der Lizenz „Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 3.0“.", "CC-BY-SA-3.0"),
        ("Ce contenu est mis à disposition sous licence Creative Commons Attribution 2.0 France.", "CC-BY-2.0"),
        ("Esta obra está bajo una licencia Creative Commons Reconocimiento-NoComercial 4.0.", "CC-BY-NC-4.0"),
        ("Este trabalho está sob a licença Creative Commons Atribuição-CompartilhaIgual 3.0", "CC-BY-SA-3.0"),
        ("Quest'opera è distribuita con Licenza Creative Commons Attribuzione 4.0 Internazionale.", "CC-BY-4.0"),
        ("De tekst is beschikbaar onder de licentie Creative Commons Naamsvermelding/Gelijk delen 3.0", "CC-BY-SA-3.0"),
        ("Tekst udostępniany na licencji Creative Commons: uznanie autorstwa, na tych samych warunkach 4.0", "CC-BY-SA-4.0"),
        ("Texten är tillgänglig under licensen Creative Commons Erkännande-dela-lika 4.0.", "CC-BY-SA-4.0"),
        ("Текст доступен по лицензии Creative Commons Attribution-ShareAlike 4.0", "CC-BY-SA-4.0"),
        ("本作品采用知识共享署名-相同方式共享 4.0 国际许可协议进行许可。", "CC-BY-SA-4.0"),
        ("この作品はクリエイティブ・コモンズ 表示 4.0 国際 ライセンスの下に提供されています。", "CC-BY-4.0"),
        ("Released under the MIT License.", "MIT"),
        ("The code is under the terms of the GNU General Public License, version 2.", "GPL-2.0"),
        ("It is distributed under the GNU GPL v3 or later.", "GPL-3.0-or-later"),
        ("Licensed under the GPL-2.0 only.", "GPL-2.0-only"),
        ("redistribute it and/or modify it under the terms of the GNU Lesser General Public License as published by the Free"
         " Software Foundation; either\nversion 2.1 of the License, or (at your option) any later version", "LGPL-2.1-or-later"),
        ("under the terms of the GNU Free Documentation License, Version 1.3 or any later version", "GFDL-1.3-or-later"),
        ('Licensed under the Apache License, Version 2.0 (the "License"); you may not', "Apache-2.0"),
        ("The author has placed this work in the public domain.", "LicenseRef-public-domain"),
        ("License: GPL-2+", "GPL-2.0-or-later"),
        ("Text https://creativecommons.org/licenses/by/4.0/ here", "CC-BY-4.0"),
        ("// SPDX-License-Identifier: BSD-3-Clause\n", "BSD-3-Clause"),
        ("/* SPDX-License-Identifier: (MIT OR MIT) */", "MIT"),
        (MIT, "MIT"),
        (BSD.format(BINARY), "BSD-2-Clause"),
        (BSD.format(BINARY + NAMES), "BSD-3-Clause"),
        (BSD.format(BINARY + CREDIT + NAMES), "BSD-4-Clause"),
        (BSD.format(""), "BSD-1-Clause"),
        ("© 2019 Foo Inc. All Rights Reserved.", RESERVED),
        ("© Verlag GmbH. Alle Rechte vorbehalten.", RESERVED),
    ],
)  # fmt: skip
def test_what_a_text_says_that_it_is_under_is_found(text: str, expected: str):
    assert licences(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The GPL is a licence, and so is the MIT License.",
        "Photo: Jane Doe, licensed under CC BY 2.0.",
        "Bild: Flickr/jane, unter der Lizenz CC BY-SA 2.0",
        "It needs zlib, which is licensed under the zlib license.",
        "She was licensed under state law. Creative Commons is an organisation.",
        "He went into the public. domain names are cheap.",
        "SPDX-License-Identifier: NOT-A-LICENCE",
        "Some of the files are licensed under the MIT License.",
        "The licence was changed to the GNU GPL v3 in 2010.",
        "It runs under the apache2 user, with Apache 2.4.",
        "We reserved all rights to the film.",
        "License: see the file",
        "",
    ],
)
def test_a_licence_that_is_only_mentioned_or_belongs_to_a_part_is_none_of_the_document(text: str):
    assert licences(text) == []


def test_evidence_about_a_part_is_kept_and_marked():
    (evidence,) = found("Photo: Jane Doe, licensed under CC BY 2.0.")["licence_evidence"]

    assert (evidence["id"], evidence["is_part"]) == ("CC-BY-2.0", True)


def test_licences_of_texts_that_follow_each_other_are_told_apart():
    text = f"{BSD.format(BINARY + NAMES)}\n\n{BSD.format(BINARY)}\n\n{MIT}"

    assert licences(text) == ["BSD-2-Clause", "BSD-3-Clause", "MIT"]
    places = {each["id"]: each["start"] for each in found(text)["licence_evidence"]}
    assert places["BSD-3-Clause"] < places["BSD-2-Clause"] < places["MIT"]


def test_what_a_licence_of_gnu_names_itself_is_an_example():
    head = (
        "GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991\nEveryone is permitted to copy and distribute verbatim copies"
    )
    example = (
        "redistribute it under the terms of the GNU General Public License; either version 2 of the License, or later"
    )

    assert licences(f"{head}\n{example}") == ["GPL-2.0"]
    assert licences(f"{example}\n{head}") == ["GPL-2.0-or-later"]


def test_reserved_rights_count_only_when_nothing_else_is_said():
    text = "Copyright 2020 X. All rights reserved. Licensed under the MIT License."

    assert licences(text) == ["MIT"]
    assert {each["id"] for each in found(text)["licence_evidence"]} == {"MIT", RESERVED}


def page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><p>Größe</p>{body}</body></html>"


@pytest.mark.parametrize(
    ("html", "kind", "expected"),
    [
        (page('<a rel="license" href="http://creativecommons.org/licenses/by-nc-sa/3.0/de/">x</a>'), "link", "CC-BY-NC-SA-3.0-DE"),
        (page("<footer><a href=//creativecommons.org/publicdomain/zero/1.0/>CC0</a></footer>"), "link", "CC0-1.0"),
        (page('<img src="https://i.creativecommons.org/l/by-nd/4.0/88x31.png">'), "link", "CC-BY-ND-4.0"),
        (page('<a rel="nofollow license" href="https://www.apache.org/licenses/LICENSE-2.0.html">x</a>'), "link", "Apache-2.0"),
        (page("", '<link rel="license" href="https://opensource.org/licenses/MIT">'), "link", "MIT"),
        (page("", '<meta name="DC.rights" content="https://creativecommons.org/licenses/by/4.0/">'), "markup", "CC-BY-4.0"),
        (page("", '<meta name="dcterms.license" content="CC BY-SA 4.0">'), "markup", "CC-BY-SA-4.0"),
        (page("", '<script type="application/ld+json">{"@graph": [{"@type": "Article", "license":'
                  ' "https://creativecommons.org/licenses/by/3.0/"}]}</script>'), "markup", "CC-BY-3.0"),
        (page('<p>Licensed under\n <b>CC&nbsp;BY</b> <span class="v">4.0</span></p>'), "sentence", "CC-BY-4.0"),
        (page("<p>&copy; 2020 <a href='/x'>X</a>. All <b>rights</b> reserved</p>"), "reservation", RESERVED),
    ],
)  # fmt: skip
def test_what_the_markup_of_a_page_says_is_found_where_it_stands(html: str, kind: str, expected: str):
    given = found(html, media="html")

    assert given["licences"] == [expected]
    (evidence,) = given["licence_evidence"]
    shown = html[evidence["start"] : evidence["end"]]
    assert evidence["kind"] == kind
    assert evidence["quote"][:8].split()[0] in shown
    assert not shown.startswith((" ", "ö")) and shown[-1:] not in (" ", "")


@pytest.mark.parametrize(
    "html",
    [
        page(
            '<figure><img><figcaption>x <a href="https://creativecommons.org/licenses/by/2.0/">CC</a></figcaption></figure>'
        ),
        page('<p>Photo by A / <a rel="license" href="https://creativecommons.org/licenses/by/2.0/">CC BY 2.0</a></p>'),
        page('<script type="application/ld+json">{"@type": "ImageObject", "license": "MIT"}</script>'),
        page('<script type="application/ld+json">{broken "license": "MIT"</script>'),
        page('<a href="https://opensource.org/licenses/MIT">about the MIT License</a>'),
        page('<a href="https://creativecommons.org/about">CC</a>'),
        page("<p>The package says this:</p><pre>License: MIT</pre>"),
        page("<!-- licensed under the MIT License --><script>'licensed under the MIT License'</script>"),
        page("", '<meta name="description" content="MIT License">'),
    ],
)
def test_markup_that_speaks_of_something_else_says_nothing_about_the_page(html: str):
    assert licences(html, media="html") == []


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"license": "cc-by-sa-4.0"}, ["CC-BY-SA-4.0"]),
        ({"licence": "MIT OR Apache-2.0"}, ["Apache-2.0", "MIT"]),
        ({"license": '["mit"]'}, ["MIT"]),
        ({"License": "https://creativecommons.org/licenses/by/4.0/"}, ["CC-BY-4.0"]),
        ({"declared_licence": "License :: OSI Approved :: BSD License"}, ["LicenseRef-BSD"]),
        ({"license": "other"}, []),
        ({"title": "MIT"}, []),
    ],
)
def test_columns_of_the_source_are_read(meta: dict[str, str], expected: list[str]):
    assert licences("text", **meta) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://creativecommons.org/licenses/by-sa/2.0/uk/legalcode", "CC-BY-SA-2.0-UK"),
        ("https://creativecommons.org/licenses/by/3.0/ch/deed.de", "CC-BY-3.0"),
        ("https://creativecommons.org/licenses/by-nc/", "LicenseRef-CC-BY-NC"),
        ("https://creativecommons.org/licenses/by/9.9/", "LicenseRef-CC-BY-9.9"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("https://licensebuttons.net/l/zero/1.0/88x31.png", "CC0-1.0"),
        ("https://creativecommons.org/licenses/sampling+/1.0/", "LicenseRef-CC"),
        ("https://www.gnu.org/licenses/gpl-3.0.en.html", "GPL-3.0"),
        ("https://www.gnu.org/licenses/fdl.html", "LicenseRef-GFDL"),
        ("https://spdx.org/licenses/EUPL-1.2.html", "EUPL-1.2"),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL-1.0"),
        ("https://example.org/licenses/by/4.0", None),
        ("https://spdx.org/licenses/nothing", None),
    ],
)
def test_addresses_stand_for_licences(address: str, expected: str | None):
    assert id_of_address(address) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIT", ("MIT",)),
        ("(GPL-2.0+ WITH Classpath-exception-2.0) AND mit/Apache-2.0", ("GPL-2.0-or-later", "MIT", "Apache-2.0")),
        ("LGPL-2.1+ or LicenseRef-own", ("LGPL-2.1-or-later", "LicenseRef-own")),
        ("MIT Apache-2.0", ()),
        ("MIT OR nothing", ()),
        ("see <file>", ()),
    ],
)
def test_expressions_give_their_licences(text: str, expected: tuple[str, ...]):
    assert ids_in_expression(text) == expected


def test_short_names_of_gnu_licences_and_families_have_identifiers():
    assert [canonical(name) for name in ("gpl-2+", "LGPL-3", "gpl", "Artistic", "CDDL-1.0+", "x")] == [
        *("GPL-2.0-or-later", "LGPL-3.0", "LicenseRef-GPL", "LicenseRef-Artistic", "CDDL-1.0", None)
    ]
    assert ids_of_label("The MIT License (MIT)") == ("MIT",)


def test_documents_are_dropped_for_licences_only_when_asked():
    free, reserved, silent = (Given(name, text) for name, text in (
        ("a", "Licensed under CC BY-NC 4.0."), ("b", "All rights reserved."), ("c", "nothing"),
    ))  # fmt: skip

    assert [stops_of(LicenceEvidence(), each) for each in (free, reserved, silent)] == [{}, {}, {}]
    forbids = LicenceEvidence(forbid=("*-NC-*", RESERVED))
    assert [list(stops_of(forbids, each)) for each in (free, reserved, silent)] == [
        ["forbidden-licence"], ["forbidden-licence"], [],
    ]  # fmt: skip
    requires = LicenceEvidence(require=("CC-BY-*",))
    stops = [stops_of(requires, each) for each in (free, reserved, silent)]
    assert [list(each) for each in stops] == [[], ["no-required-licence"], ["no-required-licence"]]
    assert RESERVED in stops[1]["no-required-licence"].reason
    assert stops[2]["no-required-licence"].evidence == {"licences": [], "said": []}


def test_the_evidence_of_a_forbidden_licence_is_what_says_it():
    stage = LicenceEvidence(forbid=("GPL-3.0*",))

    (verdict,) = stops_of(stage, Given("a", "Licensed under the MIT License. Under the GNU GPL v3 or later.")).values()

    assert verdict.evidence["licences"] == ["GPL-3.0-or-later", "MIT"]
    assert [each["id"] for each in verdict.evidence["said"]] == ["GPL-3.0-or-later"]


def test_a_pattern_that_fits_no_licence_is_refused():
    with pytest.raises(ValueError, match=r"Apache-2\.0"):
        LicenceEvidence(require=("Apache-2",))


@pytest.mark.parametrize(
    "text", ["SPDX-License-Identifier:" + " " * 10**6, "under the GPL-2.0" + " " * 10**6, "CC BY 4.0 " * 4000]
)
@pytest.mark.parametrize("media", ["text", "html"])
def test_texts_made_to_take_long_do_not(text: str, media: str):
    assert len(licences(text, media=media)) <= 1


@given(
    st.text(max_size=60).map(lambda text: f"{text} licensed under the MIT License {text}"),
    st.sampled_from(["text", "html"]),
)
def test_evidence_always_stands_in_the_text(text: str, media: str):
    for evidence in found(text, media=media)["licence_evidence"] or []:
        assert 0 <= evidence["start"] < evidence["end"] <= len(text)
