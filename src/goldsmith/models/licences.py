"""The common licences: how they are offered as options, and what a package's declaration says about its own."""

import re
from collections.abc import Mapping

from goldsmith.tasks.questions import Option

SEVERAL = "several"
OTHER = "other"
NO_LICENCE = "no-licence"
PUBLIC_DOMAIN = "public-domain"

_OPTIONS = (
    ("MIT", "MIT", "“… to deal in the Software without restriction …”, and the notice has to stay."),
    ("BSD-2-Clause", "BSD 2-Clause", "“Redistribution and use in source and binary forms …” with two conditions."),
    ("BSD-3-Clause", "BSD 3-Clause", "As BSD 2-Clause, and names may not be used to endorse or promote."),
    ("Apache-2.0", "Apache 2.0", "The Apache License, Version 2.0, or the short notice that refers to it."),
    ("MPL-2.0", "MPL 2.0", "The Mozilla Public License, version 2.0, or its short notice."),
    ("ISC", "ISC", "“… for any purpose with or without fee is hereby granted, provided that …”"),
    ("PSF-2.0", "Python (PSF)", "The Python Software Foundation licence, with the older ones that Python carries."),
    ("GPL-2.0", "GPL 2", "The GNU General Public License, version 2, or its short notice."),
    ("GPL-3.0", "GPL 3", "The GNU General Public License, version 3, or its short notice."),
    ("LGPL-2.1", "LGPL 2.1", "The GNU Lesser General Public License, version 2.1, or its short notice."),
    ("LGPL-3.0", "LGPL 3", "The GNU Lesser General Public License, version 3, or its short notice."),
    ("AGPL-3.0", "AGPL 3", "The GNU Affero General Public License, version 3, or its short notice."),
    (PUBLIC_DOMAIN, "Public domain", "The Unlicense, CC0 or another dedication to the public domain."),
    ("Zlib", "zlib", "“The origin of this software must not be misrepresented …”"),
    (SEVERAL, "Several", "The texts of more than one licence."),
    (OTHER, "Another licence", "A licence that is not in this list."),
    (NO_LICENCE, "Not a licence", "No licence text: a readme, a changelog, a list of authors."),
)

FAMILIES = frozenset(value for value, _, _ in _OPTIONS)

# SPDX identifiers, without "-only", "-or-later" and "+", that belong to a common family under another name.
_SPDX_FAMILIES = {
    "CC0-1.0": PUBLIC_DOMAIN,
    "LicenseRef-public-domain": PUBLIC_DOMAIN,
    "Unlicense": PUBLIC_DOMAIN,
    "Python-2.0": "PSF-2.0",
    "Python-2.0.1": "PSF-2.0",
    "X11": "MIT",
    "Libpng": "Zlib",
    "BSD-4-Clause": OTHER,
}

# SPDX identifiers of licences outside the common families that packages really declare.
_SPDX_OTHERS = """
0BSD Artistic-1.0 Artistic-2.0 BlueOak-1.0.0 BSD-1-Clause BSD-3-Clause-Clear BSL-1.0 BUSL-1.1 bzip2-1.0.6 CC-BY-3.0
CC-BY-4.0 CC-BY-SA-4.0 CDDL-1.0 CECILL-2.1 CNRI-Python curl ECL-2.0 Elastic-2.0 EPL-1.0 EPL-2.0 EUPL-1.2 FTL GPL-1.0
HPND IJG LGPL-2.0 MIT-0 MIT-CMU MPL-1.1 MS-PL MulanPSL-2.0 NCSA OFL-1.1 OSL-3.0 PostgreSQL SSPL-1.0 TCL UPL-1.0
Unicode-3.0 Unicode-DFS-2016 WTFPL ZPL-2.1
"""

_BY_IDENTIFIER: Mapping[str, str] = {
    name.lower(): family
    for name, family in (
        *((value, value) for value in sorted(FAMILIES - {SEVERAL, OTHER, NO_LICENCE, PUBLIC_DOMAIN})),
        *((name, OTHER) for name in _SPDX_OTHERS.split()),
        *_SPDX_FAMILIES.items(),
    )
}

# What trove classifiers and free texts say, most specific first; a name that fits two families gives both.
_NAMES: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern), frozenset(families.split()))
    for pattern, families in (
        (r"proprietary|commercial", OTHER),
        (r"affero|\bagpl", "AGPL-3.0"),
        (r"(lesser|library) general public.*\b(v?3)|\blgpl[ -]?v?3", "LGPL-3.0"),
        (r"(lesser|library) general public.*\bv?2\.1|\blgpl[ -]?v?2\.1", "LGPL-2.1"),
        (r"(lesser|library) general public|\blgpl", f"LGPL-2.1 LGPL-3.0 {OTHER}"),
        (r"general public.*\bv?3|\bgpl[ -]?v?3", "GPL-3.0"),
        (r"general public.*\bv?2|\bgpl[ -]?v?2", "GPL-2.0"),
        (r"general public|\bgpl", f"GPL-2.0 GPL-3.0 {OTHER}"),
        (r"apache.*\b2(\.0)?\b|apache software license|^apache$|apache licen[sc]e$", "Apache-2.0"),
        (r"mozilla.*\b2\.0|\bmpl[ -]?v?2", "MPL-2.0"),
        (r"mozilla.*\b1\.[01]|\bmpl[ -]?v?1", OTHER),
        (r"python software foundation|\bpsf\b", "PSF-2.0"),
        (r"unlicense|\bcc0\b|public domain", PUBLIC_DOMAIN),
        (r"\bzlib\b", "Zlib"),
        (r"\bisc\b", "ISC"),
        (r"\bbsd\b.*\b3\b|\b(3|three)[ -]clause|(new|modified|revised) bsd", "BSD-3-Clause"),
        (r"\bbsd\b.*\b2\b|\b(2|two)[ -]clause|(simplified|freebsd)", "BSD-2-Clause"),
        (r"\b(0|zero)[ -]?(clause)?[ -]?bsd|\bbsd\b.*\b[014]\b", OTHER),
        (r"\bbsd\b", "BSD-2-Clause BSD-3-Clause"),
        (r"mit no attribution|\bmit-0\b", OTHER),
        (r"\bmit\b|\bexpat\b", "MIT"),
        (r"artistic|boost|eclipse|european union|academic free|zope|cecill|creative commons|open font|ncsa", OTHER),
        (r"historical permission|wtfpl|postgresql|mulan|universal permissive|blue oak|microsoft public", OTHER),
    )
)

_BRAND = re.compile(
    r"(?P<mit>\bmit\b)|(?P<apache>apache)|(?P<bsd>\bbsd)|(?P<gnu>\bgnu\b|\b[al]?gpl)|(?P<mozilla>mozilla|\bmpl)"
    r"|(?P<isc>\bisc)|(?P<zlib>zlib)|(?P<python>\bpsf|python)|(?P<free>unlicense|\bcc0|public domain)"
)

_TROVE = re.compile(r"^license :: (osi approved :: )?", re.IGNORECASE)
_NO_TROVE = re.compile(r"^license( :: osi approved)?$", re.IGNORECASE)
_PART = re.compile(r"[\n;]|,\s*(?=License ::)")
_EXPRESSION = re.compile(r"[A-Za-z0-9.+() -]+")
_OPERATOR = re.compile(r"\s+(?:AND|OR)\s+", re.IGNORECASE)
_EXCEPTION = re.compile(r"\s+WITH\s+\S+", re.IGNORECASE)
_LATER = re.compile(r"(-only|-or-later|\+)$", re.IGNORECASE)
_MAX_NAME_LENGTH = 120
_LICENCE_FILE = re.compile(r"licen[sc]e|copying|copyright")
_FOREIGN_FOLDER = re.compile(r"_?vendor(ed)?|node_modules|third[_-]?party|externals?|extern|deps|bundled")


def licence_options() -> tuple[Option, ...]:
    """The options of the question which licence a text is, in the order they are offered."""
    return tuple(Option(value=value, label=label, help=explanation) for value, label, explanation in _OPTIONS)


def declaration_tables() -> object:
    """Everything that `declared_family` and `speaks_for` look up, as JSON values."""
    names = [[pattern.pattern, sorted(families)] for pattern, families in _NAMES]
    return [dict(_BY_IDENTIFIER), names, _BRAND.pattern, _LICENCE_FILE.pattern, _FOREIGN_FOLDER.pattern]


def speaks_for(path: str) -> bool:
    """Whether a package's declaration is about the text at `path`: a licence file that is not somebody else's.

    Example:
        >>> speaks_for("attrs-26.1.0.dist-info/licenses/LICENSE"), speaks_for("pip/_vendor/rich/LICENSE")
        (True, False)
    """
    *folders, name = path.lower().replace("\\", "/").split("/")
    is_foreign = any(_FOREIGN_FOLDER.fullmatch(folder) for folder in folders)
    return bool(_LICENCE_FILE.search(name)) and not is_foreign and "third" not in name


def declared_family(declaration: str) -> str | None:
    """The one family a package declares, or None when that is open, contradictory or unknown.

    Args:
        declaration: an SPDX expression, trove classifiers or a free text, several of them separated by line ends,
            semicolons or, before a classifier, commas.

    Example:
        >>> declared_family("MIT"), declared_family("MIT OR Apache-2.0")
        ('MIT', None)
        >>> declared_family("BSD-3-Clause; License :: OSI Approved :: BSD License")
        'BSD-3-Clause'
    """
    possible: frozenset[str] | None = None
    for part in filter(None, map(str.strip, _PART.split(declaration))):
        if _NO_TROVE.match(part):
            continue
        families = _families_of(part)
        if families is None:
            return None
        possible = families if possible is None else possible & families
    return next(iter(possible)) if possible is not None and len(possible) == 1 else None


def family_of(identifier: str) -> str:
    """The family of a licence by its SPDX identifier; `other` for those outside the common families."""
    return _BY_IDENTIFIER.get(_LATER.sub("", identifier).lower(), OTHER)


def _families_of(part: str) -> frozenset[str] | None:
    """The families one part of a declaration can mean; None when it names no licence that is known."""
    name = _TROVE.sub("", part)
    if name == part and _EXPRESSION.fullmatch(part):
        terms = [_LATER.sub("", term.strip(" ()")).lower() for term in _OPERATOR.split(_EXCEPTION.sub("", part))]
        if all(term in _BY_IDENTIFIER for term in terms):
            named = {_BY_IDENTIFIER[term] for term in terms}
            is_one = len(named) == 1 and (len(terms) == 1 or OTHER not in named)
            return frozenset(named) if is_one else frozenset()
        if len(terms) > 1:
            return None
    if len(name) > _MAX_NAME_LENGTH:
        return None
    if len({match.lastgroup for match in _BRAND.finditer(name.lower())}) > 1:
        return frozenset()
    return next((families for pattern, families in _NAMES if pattern.search(name.lower())), None)
