"""System docs: the copyright, readme, news and changelog files of the packages of the operating system."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import ClassVar

from xxhash import xxh3_64_intdigest

from goldsmith.refine.disk import Content, Found, media_of, read_content, walk
from goldsmith.refine.model import Places, RawDocument, Reading, Source

_MAX_DEPTH = 4


class SystemDocs(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reads the documents of the system's packages, as far as the system has such folders.

    These are `/usr/share/doc`, `/usr/local/share/doc` and Homebrew's folders. Each document carries its package.

    Attributes:
        names: patterns of the files to take, in lower case; `.gz` does not count.
        max_files: the most files to take: patterns named first go first, within a pattern files are drawn by a hash of
            their path, so that the same machine always gives the same ones.
    """

    kind: ClassVar[str] = "system-docs"
    title: ClassVar[str] = "Documents of the system's packages"

    names: tuple[str, ...] = ("copyright", "licen[cs]e*", "copying*", "readme*", "news*", "changelog*")
    max_files: int = 4000

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.names:
            raise ValueError("`names` has to hold at least one pattern")
        if self.max_files < 1:
            raise ValueError("`max_files` has to be at least 1")

    def read(self, places: Places) -> Reading:
        """The documents sorted by folder and path; none where the system has no such folder."""
        wanted: list[tuple[int, int, int, Found]] = []
        for folder_number, folder in enumerate(places.doc_folders):
            for found in walk(folder, max_depth=_MAX_DEPTH) if folder.is_dir() else ():
                pattern = 0 if found.failure else self._pattern_of(found.name)
                if pattern is not None:
                    wanted.append((pattern, xxh3_64_intdigest(found.name.encode()), folder_number, found))
        taken = sorted(wanted, key=lambda each: each[:3])[: self.max_files]
        taken.sort(key=lambda each: (each[2], each[3].name))
        return Reading(len(taken), self._documents([found for *_, found in taken]))

    def _pattern_of(self, name: str) -> int | None:
        file = name.rpartition("/")[2].lower().removesuffix(".gz")
        return next((place for place, pattern in enumerate(self.names) if fnmatchcase(file, pattern)), None)

    def _documents(self, taken: list[Found]) -> Iterator[RawDocument]:
        for found in taken:
            content = (
                Content(None, found.failure) if found.failure else read_content(found.path, max_bytes=self.max_bytes)
            )
            yield RawDocument(
                id=f"{self.label}/{found.name}",
                origin=str(found.path),
                media=media_of(found.name),
                raw=content.raw,
                failure=content.failure,
                meta={"package": found.name.partition("/")[0]},
            )


plugin = SystemDocs
