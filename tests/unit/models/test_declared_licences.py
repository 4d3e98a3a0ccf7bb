import pytest

from goldsmith.models.licences import FAMILIES, declared_family, licence_options, speaks_for
from goldsmith.tasks.types.choice import Choice

TROVE = "License :: OSI Approved :: "


@pytest.mark.parametrize(
    ("declaration", "family"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("(MIT)", "MIT"),
        ("Apache-2.0 WITH LLVM-exception", "Apache-2.0"),
        ("GPL-3.0-or-later", "GPL-3.0"),
        ("GPL-2.0+", "GPL-2.0"),
        ("LGPL-2.1-only", "LGPL-2.1"),
        ("CC0-1.0", "public-domain"),
        ("Unlicense", "public-domain"),
        ("Python-2.0", "PSF-2.0"),
        ("MIT-0", "other"),
        ("BSL-1.0", "other"),
        ("BSD-2-Clause OR BSD-2-Clause", "BSD-2-Clause"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("3-clause BSD", "BSD-3-Clause"),
        ("GNU GPLv3", "GPL-3.0"),
        ("The Unlicense", "public-domain"),
        (f"{TROVE}MIT License", "MIT"),
        (f"{TROVE}Apache Software License", "Apache-2.0"),
        (f"{TROVE}ISC License (ISCL)", "ISC"),
        (f"{TROVE}Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
        (f"{TROVE}GNU General Public License v2 (GPLv2)", "GPL-2.0"),
        (f"{TROVE}GNU Lesser General Public License v3 or later (LGPLv3+)", "LGPL-3.0"),
        (f"{TROVE}GNU Affero General Public License v3", "AGPL-3.0"),
        (f"{TROVE}Python Software Foundation License", "PSF-2.0"),
        (f"{TROVE}zlib/libpng License", "Zlib"),
        (f"{TROVE}Zero-Clause BSD (0BSD)", "other"),
        (f"{TROVE}Boost Software License 1.0 (BSL-1.0)", "other"),
        ("License :: CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "public-domain"),
        (f"BSD-3-Clause\n{TROVE}BSD License", "BSD-3-Clause"),
        (f"MIT License; {TROVE}MIT License", "MIT"),
        (f"MIT, {TROVE}MIT License", "MIT"),
        (f"License :: OSI Approved\n{TROVE}MIT License", "MIT"),
    ],
)
def test_a_declaration_is_its_family(declaration: str, family: str):
    assert declared_family(declaration) == family


@pytest.mark.parametrize(
    "declaration",
    [
        "",
        "UNKNOWN",
        "see LICENSE",
        "Dual License",
        "MIT OR Apache-2.0",
        "MIT AND PSF-2.0",
        "MIT/Apache-2.0",
        "Apache 2.0 or MIT",
        "BSD or MIT",
        "0BSD OR BSL-1.0",
        "MIT OR LicenseRef-Own",
        "BSD",
        "GPL",
        f"{TROVE}BSD License",
        f"{TROVE}GNU Library or Lesser General Public License (LGPL)",
        "License :: OSI Approved",
        f"MIT License\n{TROVE}Apache Software License",
        f"{TROVE}MIT License\n{TROVE}Apache Software License",
        "Copyright (c) 2025 Ritchie Vink\n\nPermission is hereby granted",
        "A text about MIT and its history that goes on " * 5,
    ],
)
def test_what_leaves_a_choice_or_contradicts_itself_is_open(declaration: str):
    assert declared_family(declaration) is None


@pytest.mark.parametrize(
    ("path", "speaks"),
    [
        ("LICENSE", True),
        ("attrs-26.1.0.dist-info/licenses/LICENCE.txt", True),
        ("foo-1.dist-info\\licenses\\COPYING", True),
        ("foo-1.dist-info/licenses/LICENSES.third-party", False),
        ("pip/_vendor/rich/LICENSE", False),
        ("nodejs/lib/node_modules/npm/LICENSE", False),
        ("foo/README.md", False),
        ("foo-1.dist-info/licenses/NOTICE", False),
        ("foo-1.dist-info/licenses/AUTHORS.rst", False),
    ],
)
def test_a_declaration_speaks_for_the_packages_own_licence_files(path: str, speaks: bool):
    assert speaks_for(path) is speaks


def test_the_options_are_a_question_and_cover_every_family():
    question = Choice(name="licence", label="Which licence is this?", options=licence_options())

    assert {option.value for option in question.options} == FAMILIES
    assert len(question.options) == 17
