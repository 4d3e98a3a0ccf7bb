"""Python packages: the licences, notices, readmes, changelogs and author lists of what is installed."""

import csv
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, PackageMetadata
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
    """One text of a package: where it is, and what is said about it. Without a path it is the package's description."""

    id: str
    path: Path | None
    raw: bytes | None
    meta: Mapping[str, str]


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
        texts = [text for package in _once(places.packages()) for text in self._texts(package)]
        return Reading(len(texts), (self._document(text) for text in texts))

    def _texts(self, package: Distribution) -> list[_Text]:
        said = package.metadata  # reading it again would parse it again
        about = {"package": said["Name"], "package_version": said["Version"]}
        licence, description = declared_licence(said), _description(said)
        declared = {"declared_licence": licence} if licence else {}
        prefix = f"{self.label}/{said['Name']}"
        texts: list[_Text] = []
        for name in sorted(_installed(package)):
            kind = self._kind_of(name)
            if kind is not None:
                other = declared if _VENDORED.isdisjoint(name.split("/")) else {"vendored": "yes"}
                path = Path(str(package.locate_file(name)))
                texts.append(_Text(f"{prefix}/{name}", path, None, {**about, "kind": kind, **other}))
        if description and "readme" in self.kinds:
            raw = description.encode("utf-8", "surrogateescape")
            texts.append(_Text(f"{prefix}/METADATA", None, raw, {**about, "kind": "readme", **declared}))
        return texts

    def _kind_of(self, name: str) -> str | None:
        file = name.rpartition("/")[2]
        if _CODE.fullmatch(file):
            return None
        return next((kind for kind in self.kinds if _KINDS[kind].fullmatch(file)), None)

    def _document(self, text: _Text) -> RawDocument:
        if text.path is None:
            return RawDocument(id=text.id, origin=f"the description in {text.id}", raw=text.raw, meta=text.meta)
        raw, failure = read_content(text.path, max_bytes=self.max_bytes)
        return RawDocument(
            id=text.id, origin=str(text.path), media=media_of(text.id), raw=raw, failure=failure, meta=text.meta
        )


def declared_licence(said: PackageMetadata) -> str:
    """What a package says its licence is, on one line; empty when it says nothing."""
    for name in ("License-Expression", "License"):
        licence = " ".join(_field(said, name))
        if licence and "\n" not in licence and licence.upper() != "UNKNOWN" and len(licence) <= MAX_DECLARED:
            return licence
    classifiers = [each for each in _field(said, "Classifier") if each.startswith(_LICENCE_CLASSIFIER)]
    return "; ".join(each.rpartition(" :: ")[2] for each in classifiers)


def _field(said: PackageMetadata, name: str) -> list[str]:
    return [value.strip() for value in cast("list[str]", said.get_all(name) or []) if value.strip()]


def _description(said: PackageMetadata) -> str:
    text = "\n".join(_field(said, "Description"))
    return "" if text == "UNKNOWN" else text


def _installed(package: Distribution) -> list[str]:
    """The files that a package lists as its own, inside the folder that it is installed in."""
    record = (package.read_text("RECORD") or "").splitlines()
    names = (row[0] for row in csv.reader(record) if row)
    return [name for name in names if not name.startswith("/") and ".." not in name.split("/")]


def _once(packages: Iterable[Distribution]) -> list[Distribution]:
    """The packages sorted by name; of two with one name, the first found, which is the one that Python imports."""
    found: dict[str, Distribution] = {}
    for package in packages:
        names = _field(package.metadata, "Name")
        if names:  # a folder that was only partly removed has none
            found.setdefault(re.sub(r"[-_.]+", "-", names[0]).lower(), package)
    return [package for _, package in sorted(found.items())]


plugin = PythonPackages
