"""What an exporter is, and where all of them are found."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO, ClassVar

import msgspec

from goldsmith.errors import PluginError
from goldsmith.kit.plugins import load_plugins
from goldsmith.releases import exporters as folder
from goldsmith.releases.model import ReleaseRow

GROUP = "goldsmith.exporter"
NO_LOSS: Mapping[str, str] = MappingProxyType({})


class Exporter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="format"):
    """A file format for the rows of a release: the base of all exporters. Its fields are its parameters.

    Attributes:
        fields: the schema's fields, in order, for formats with columns.
        questions: the schema's questions, in order, for formats with columns.
    """

    suffix: ClassVar[str] = ""
    """The end of a file's name, such as `.jsonl`."""

    media_type: ClassVar[str] = ""
    """The media type a server sends it with."""

    loss: ClassVar[Mapping[str, str]] = NO_LOSS
    """What `read` cannot give back: each such field of a row, with a sentence that says what becomes of it."""

    fields: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    def write(self, rows: Iterable[ReleaseRow], sink: BinaryIO) -> None:
        """Write the rows to `sink` in constant memory; the same rows give the same bytes."""
        raise NotImplementedError

    def read(self, source: BinaryIO) -> Iterator[ReleaseRow]:
        """The rows that `write` wrote, except for what `loss` lists.

        Raises:
            RowError: a row is malformed; names its line.
        """
        raise NotImplementedError


@functools.cache
def exporters() -> Mapping[str, type[Exporter]]:
    """Every exporter by name, sorted.

    Raises:
        PluginError: a plugin does not load, is no exporter, or carries another name than its file.
    """
    found: dict[str, type[Exporter]] = {}
    for name, candidate in load_plugins(folder, GROUP).items():
        if not issubclass(candidate, Exporter):
            raise PluginError(f"the exporter {name!r} has to be a subclass of goldsmith.releases.exports.Exporter.")
        if candidate.__struct_config__.tag != name:
            raise PluginError(f"the exporter {name!r} has to carry the tag {name!r}, as its file is called.")
        found[name] = candidate
    return found
