"""The identifiers of the SPDX licence list, expressions of them, and addresses that stand for a licence."""

import functools
import re
from collections.abc import Mapping
from importlib.resources import files

from goldsmith.refine.licences import PUBLIC_DOMAIN

_TERM = re.compile(r"(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+|[A-Za-z0-9][A-Za-z0-9.+-]*")
_EXPRESSION = re.compile(r"[A-Za-z0-9.+:()\s/_-]{2,200}")
_OPERATORS = frozenset({"and", "or", "with"})

_CC = re.compile(
    r"creativecommons\.org/(?:licen[sc]es?/(?P<parts>(?:sampling|devnations|by|nc|sa|nd)(?:-(?:nc|sa|nd))*\+?)"
    r"(?:/(?P<version>\d\.\d))?(?:/(?P<port>[a-z]{2,3})(?![a-z.]))?|publicdomain/(?P<public>zero|mark|certification))"
    r"|(?:i\.creativecommons\.org|licensebuttons\.net)/(?:l|i)/(?P<button>[a-z-]+|publicdomain)(?:/(?P<drawn>\d\.\d))?",
    re.IGNORECASE,
)
_PAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"spdx\.org/licenses/([\w.+-]+?)(?:\.html|\.json|\.txt)?(?=[/?#\s]|$)", r"\1"),
        (r"opensource\.org/licen[sc]es?/([\w.+-]+?)(?:\.php|\.html|\.txt)?(?=[/?#\s]|$)", r"\1"),
        (r"apache\.org/licenses/LICENSE-(\d\.\d)", r"Apache-\1"),
        (r"mozilla\.org/(?:[a-z-]+/)?MPL/(\d\.\d)", r"MPL-\1"),
        (r"gnu\.org/(?:copyleft|licenses)/(?:old-licenses/)?(fdl|gpl|lgpl|agpl)-(\d\.\d)", r"\1-\2"),
        (r"gnu\.org/(?:copyleft|licenses)/(fdl|gpl|lgpl|agpl)(?=\.|/?$|[#?\s])", r"unversioned-\1"),
        (r"unlicense\.org(?=/|$)", "Unlicense"),
        (r"wtfpl\.net(?=/|$)", "WTFPL"),
        (r"scripts\.sil\.org/OFL|openfontlicense\.org", "OFL-1.1"),
        (r"opendatacommons\.org/licenses/(odbl|by|pddl)(?=/|$)", r"odc-\1"),
        (r"eclipse\.org/legal/epl-(?:v)?(\d)[.0]*", r"EPL-\1.0"),
        (r"nationalarchives\.gov\.uk/doc/open-government-licence/version/(\d)", r"OGL-UK-\1.0"),
        (r"govdata\.de/dl-de/by-2-0", "DL-DE-BY-2.0"),
        (r"govdata\.de/dl-de/zero-2-0", "DL-DE-ZERO-2.0"),
    )
)
_OTHER_NAMES: Mapping[str, str] = {
    "fdl-1.1": "GFDL-1.1",
    "fdl-1.2": "GFDL-1.2",
    "fdl-1.3": "GFDL-1.3",
    "unversioned-fdl": "LicenseRef-GFDL",
    "unversioned-gpl": "LicenseRef-GPL",
    "unversioned-lgpl": "LicenseRef-LGPL",
    "unversioned-agpl": "LicenseRef-AGPL",
    "odc-odbl": "ODbL-1.0",
    "odc-by": "ODC-By-1.0",
    "odc-pddl": "PDDL-1.0",
    "bsd-license": "BSD-2-Clause",
    "mit-license": "MIT",
    "apache2.0": "Apache-2.0",
    "expat": "MIT",
    "cc0": "CC0-1.0",
    "public-domain": PUBLIC_DOMAIN,
}
"""What addresses and columns call licences otherwise than SPDX does."""

_UNSAID = ("Artistic", "BSD", "GPL", "LGPL", "AGPL", "GFDL", "EPL", "MPL", "EUPL")
"""Families of licences that people name without a version."""

_GNU = re.compile(r"(a?gpl|lgpl|gfdl)-?v?(\d)(?:\.(\d))?(\+|-only|-or-later)?")
_ELEMENTS = ("by", "nc", "sa", "nd")


@functools.cache
def known_ids() -> Mapping[str, str]:
    """The identifiers of the SPDX licence list by themselves in lower case."""
    lines = files("goldsmith.refine.licences").joinpath("spdx.txt").read_text(encoding="ascii").splitlines()
    return {name.lower(): name for line in lines if not line.startswith("#") for name in line.split()}


def canonical(name: str) -> str | None:
    """The identifier as SPDX writes it; None for what is none.

    Example:
        >>> canonical("apache-2.0"), canonical("LicenseRef-own"), canonical("free")
        ('Apache-2.0', 'LicenseRef-own', None)
    """
    if re.fullmatch(r"(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+", name):
        return name
    lower = name.lower()
    return _of_gnu(lower) or known_ids().get(lower) or _OTHER_NAMES.get(lower) or _without_version(lower)


def ids_in_expression(text: str) -> tuple[str, ...]:
    """The licences of an SPDX expression in their order; none when it is no expression or has an unknown one.

    Example:
        >>> ids_in_expression("(MIT OR apache-2.0) AND GPL-2.0+ WITH Classpath-exception-2.0")
        ('MIT', 'Apache-2.0', 'GPL-2.0-or-later')
    """
    if _EXPRESSION.fullmatch(text) is None:
        return ()
    found: dict[str, None] = {}
    before = "or"
    for term in _TERM.findall(text.replace("/", " OR ")):
        if term.lower() in _OPERATORS:
            before = term.lower()
            continue
        if before == "":
            return ()
        if before != "with":
            name = canonical(term)
            if name is None:
                return ()
            found[name] = None
        before = ""
    return tuple(found)


def creative_commons(elements: str, version: str | None, port: str | None = None) -> str:
    """The identifier of a licence of Creative Commons by its elements, such as `by-nc-sa`.

    SPDX has no identifier without a version, and one with a country for a few; then the country is left out.
    """
    named = set(elements.lower().split("-"))
    joined = "-".join(each for each in _ELEMENTS if each in named).upper()
    if not joined:
        return "LicenseRef-CC"
    if version is None:
        return f"LicenseRef-CC-{joined}"
    base = f"CC-{joined}-{version}"
    ported = known_ids().get(f"{base}-{port}".lower()) if port else None
    return ported or known_ids().get(base.lower()) or f"LicenseRef-{base}"


def id_of_address(address: str) -> str | None:
    """The licence that an address stands for; None for other addresses.

    Example:
        >>> id_of_address("https://creativecommons.org/licenses/by-sa/3.0/de/"), id_of_address("https://example.org/")
        ('CC-BY-SA-3.0-DE', None)
    """
    found = _CC.search(address)
    if found is not None:
        return _creative_commons_at(found)
    for pattern, meaning in _PAGES:
        match = pattern.search(address)
        if match is not None:
            return canonical(match.expand(meaning))
    return None


def _creative_commons_at(found: re.Match[str]) -> str | None:
    match (found["public"] or "").lower():
        case "zero":
            return "CC0-1.0"
        case "mark":
            return "CC-PDM-1.0"
        case "certification":
            return "CC-PDDC"
        case _:
            pass
    button = (found["button"] or "").lower()
    if button in ("publicdomain", "p", "zero"):
        return "CC0-1.0" if button == "zero" else "CC-PDM-1.0"
    elements = (found["parts"] or button).lower().rstrip("+")
    if not set(elements.split("-")) <= set(_ELEMENTS):
        return "LicenseRef-CC"
    return creative_commons(elements, found["version"] or found["drawn"], found["port"])


def _of_gnu(lower: str) -> str | None:
    """A licence of GNU by its short name, such as `gpl-2+`."""
    found = _GNU.fullmatch(lower)
    if found is None:
        return None
    later = {None: "", "+": "-or-later"}.get(found[4], found[4])
    return known_ids().get(f"{found[1]}-{found[2]}.{found[3] or 0}{later}")


def _without_version(lower: str) -> str | None:
    """A licence with `+`, of which SPDX says nothing, or a family without a version."""
    if lower.endswith("+"):
        return known_ids().get(lower.removesuffix("+"))
    return next((f"LicenseRef-{name}" for name in _UNSAID if name.lower() == lower), None)
