"""Python packages: the licences, notices, readmes, changelogs and author lists of what is installed."""

import re
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution
from pathlib import Path
from typing import ClassVar, NamedTuple, cast

from goldsmith.refine.disk import media_of, read_content
from goldsmith.refine.model import Places, RawDocument, Reading, Source

_KINDS = {
    "licence": re.compile(r"(un)?licen[cs]es?([-_.].*)?|copying([-_.].*)?|copyright([-_.].*)?", re.IGNORECASE),
    "notice": re.compile(r"(third[-_ ]?party[-_ ]?)?notices?([-_.].*)?|third[-_ ]?party.*", re.IGNORECASE),
    "readme": re.compile(r"read[-_]?me([-_.].*)?", re.IGNORECASE),
    "changelog": re.compile(r"(change[-_ ]?(log|s)|history|news|releases?)([-_.].*)?", re.IGNORECASE),
    "authors": re.compile(r"(authors|contributors|credits|thanks|maintainers)([-_.].*)?", re.IGNORECASE),
}
_CODE = re.compile(
    r".*\.(py|pyi|pyc|pyx|pxd|so|pyd|dll|dylib|a|o|c|h|cc|cpp|hpp|rs|go|js|mjs|cjs|ts|map|css|json|ya?ml|toml|cfg|ini|sh"
    r"|png|svg|jpe?g|gif|ico|gz|zip|whl|exe)",
    re.IGNORECASE,
)
_VENDORED = frozenset(
    {"node_modules", "_vendor", "vendor", "_vendored", "vendored", "third_party", "extern", "external"}
)
_LICENCE_CLASSIFIER = "License :: "
MAX_DECLARED = 200


class _Text(NamedTuple):
    name: str
    kind: str
    path: Path | None  # without one, the description in the package's metadata


class PythonPackages(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reads the texts that the installed packages bring along, and the description in their metadata.

    Each carries its package, version and declared licence: `License-Expression`, else `License`, else the classifiers.
    What a package vendors from others carries no declared licence, since the package does not speak for it.

    Attributes:
        kinds: which texts to read.
    """

    kind: ClassVar[str] = "python-packages"
    title: ClassVar[str] = "Installed Python packages"

    kinds: tuple[str, ...] = ("licence", "notice", "readme", "changelog", "authors")

    def __post_init__(self) -> None:
        super().__post_init__()
        unknown = [kind for kind in self.kinds if kind not in _KINDS]
        if unknown or not self.kinds:
            raise ValueError(f"`kinds` has to name some of {', '.join(_KINDS)}")

    def read(self, places: Places) -> Reading:
        """The texts of all packages, sorted by package and path."""
        found = [(package, text) for package in _once(places.packages()) for text in self._texts(package)]
        return Reading(len(found), (self._document(package, text) for package, text in found))

    def _texts(self, package: Distribution) -> list[_Text]:
        texts = {file.as_posix(): Path(str(file.locate())) for file in package.files or () if ".." not in file.parts}
        found = [_Text(name, kind, path) for name, path in sorted(texts.items()) if (kind := self._kind_of(name))]
        if "readme" in self.kinds and _description(package):
            found.append(_Text("METADATA", "readme", None))
        return found

    def _kind_of(self, name: str) -> str | None:
        file = name.rpartition("/")[2]
        if _CODE.fullmatch(file):
            return None
        return next((kind for kind in self.kinds if _KINDS[kind].fullmatch(file)), None)

    def _document(self, package: Distribution, text: _Text) -> RawDocument:
        is_vendored = not _VENDORED.isdisjoint(text.name.split("/"))
        declared = "" if is_vendored else declared_licence(package)
        meta = {"package": package.name, "package_version": package.version, "kind": text.kind}
        meta |= {"vendored": "yes"} if is_vendored else {"declared_licence": declared} if declared else {}
        name = f"{self.label}/{package.name}/{text.name}"
        if text.path is None:
            content = _description(package).encode("utf-8", "surrogateescape")
            return RawDocument(id=name, origin=f"metadata of {package.name}", raw=content, meta=meta)
        raw, failure = read_content(text.path, max_bytes=self.max_bytes)
        return RawDocument(
            id=name, origin=str(text.path), media=media_of(text.name), raw=raw, failure=failure, meta=meta
        )


def declared_licence(package: Distribution) -> str:
    """What a package says its licence is, on one line; empty when it says nothing."""
    for field in ("License-Expression", "License"):
        said = " ".join(_field(package, field))
        if said and "\n" not in said and said.upper() != "UNKNOWN" and len(said) <= MAX_DECLARED:
            return said
    classifiers = [said for said in _field(package, "Classifier") if said.startswith(_LICENCE_CLASSIFIER)]
    return "; ".join(said.rpartition(" :: ")[2] for said in classifiers)


def _field(package: Distribution, name: str) -> Sequence[str]:
    return [said.strip() for said in cast("list[str]", package.metadata.get_all(name) or []) if said.strip()]


def _description(package: Distribution) -> str:
    text = "\n".join(_field(package, "Description"))
    return "" if text == "UNKNOWN" else text


def _once(packages: Iterable[Distribution]) -> list[Distribution]:
    """The packages sorted by name; of two with one name, the first found, which is the one that Python imports."""
    found: dict[str, Distribution] = {}
    for package in packages:
        if _field(package, "Name"):  # a folder that was only partly removed has none
            found.setdefault(re.sub(r"[-_.]+", "-", package.name).lower(), package)
    return [package for _, package in sorted(found.items())]


plugin = PythonPackages
