"""The frozen types of refining: raw documents, sources, stages, and what a run reports while it goes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path
from typing import Annotated, ClassVar, Literal, NamedTuple, Protocol, Self

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.rules import Rule

Media = Literal["text", "html"]

READ = "read"
"""The name of what comes before the first stage, where files that cannot be read fail."""

ORDER = "number"
"""The column with the place of each document in the order of reading, from 0."""

BASE_KINDS: Kinds = {
    "id": "text",
    ORDER: "int",
    "text": "text",
    "source": "text",
    "language": "text",
    "meta": "text",
}
"""The columns of every document; the columns of the stages follow."""


class RawDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One document as a source holds it, or why it could not be read.

    Attributes:
        id: the user's id; for files the path inside the source.
        origin: where it lies, for messages: a path, or a path with a line.
        media: what its bytes are.
        raw: its bytes, still in their charset.
        text: its text, when the source already knows it; then there are no bytes.
        failure: why it could not be read; then there are neither bytes nor text.
        meta: what the source knows about it.
    """

    id: str
    origin: str
    media: Media = "text"
    raw: bytes | None = None
    text: str | None = None
    failure: str | None = None
    meta: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])


class Reading(NamedTuple):
    """What a source is about to give: how many documents, when it is known before, and the documents."""

    total: int | None
    documents: Iterator[RawDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where sources look: nothing is read from anywhere else.

    Attributes:
        base: the folder that relative paths of a recipe start from.
        doc_folders: the system's folders of documentation; those that do not exist are passed over.
        packages: lists the Python packages whose documents can be read.
        may_fetch: whether sources may read from object stores and web servers. A server that runs recipes of others
            must not: it would reach for them what they cannot.
        rows: the rows that a program hands over, for sources of the kind `rows`.
        scratch: a folder that need not exist yet, for what is fetched; the system's own for such files without it.
    """

    base: Path
    doc_folders: tuple[Path, ...]
    packages: Callable[[], Iterable[Distribution]]
    may_fetch: bool = False
    rows: Iterable[Mapping[str, object]] | None = None
    scratch: Path | None = None


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where documents come from: the base of all readers. Its fields are its parameters.

    Attributes:
        name: what ids and reports call this source, when there are several of one kind; else its kind.
        max_bytes: the most that one document may have, unpacked; a larger one fails instead of filling the memory.
    """

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    version: ClassVar[str] = "1"

    name: str = ""
    max_bytes: int = 16 << 20

    def __post_init__(self) -> None:
        if self.max_bytes < 1:
            raise ValueError("`max_bytes` has to be at least 1")

    @property
    def label(self) -> str:
        """What ids and reports call this source."""
        return self.name or self.kind

    def read(self, places: Places) -> Reading:
        """The documents, always in the same order.

        Raises:
            InputError: the source does not exist or matches nothing.
        """
        raise NotImplementedError


class Probes(msgspec.Struct, frozen=True, kw_only=True):
    """Cases that were made on purpose, in one form, and how many of them a stage finds."""

    form: str
    n: int
    n_found: int


class SelfCheck(msgspec.Struct, frozen=True, kw_only=True):
    """How well a stage finds what it names, measured on cases that are known.

    Attributes:
        n_files: files that say what there is to find.
        n_names: names in them.
        n_findable: of those, names that can be found at all.
        probes: cases with a name, by form.
        n_clean: cases without any.
        n_false: of those, cases in which it finds a name all the same.
    """

    n_files: int
    n_names: int
    n_findable: int
    probes: tuple[Probes, ...]
    n_clean: int
    n_false: int


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of refining: it adds columns, then its rules decide by them. Its fields are its parameters."""

    name: ClassVar[str] = ""
    """What recipes call it: its file's name with dashes."""

    title: ClassVar[str] = ""
    """What it does, in two or three words, for people."""

    version: ClassVar[str] = "1"
    """Changes whenever the same parameters would give other results."""

    columns: ClassVar[Kinds] = {}
    """The columns that it adds or replaces; those that begin with an underscore are not written."""

    changes: ClassVar[Mapping[str, str]] = {}
    """The columns that count what it changed in a text, and what they count, in words."""

    libraries: ClassVar[tuple[str, ...]] = ()
    """The distributions whose version can change its results: the recipe's lock pins them."""

    thresholds: ClassVar[frozenset[str]] = frozenset()
    """The parameters that only its rules use: another value changes verdicts, never columns."""

    named: ClassVar[Mapping[str, str]] = {}
    """The columns with a JSON list of names, missing where there are none, and what these name, in words.

    Reports count the documents of each name among those that reached the stage, and among those that are kept.
    """

    spans: ClassVar[frozenset[str]] = frozenset()
    """The columns that say where something stands in the text: a JSON list of objects with `start` and `end`, or with
    `at` (one or many places) and `after` (what stands there). A stage that changes the text later moves them."""

    def rules(self) -> tuple[Rule, ...]:
        """What decides about a document, in order; the first rule that stops it counts."""
        return ()

    def chosen_libraries(self) -> tuple[str, ...]:
        """More distributions that the lock pins, which only some values of the parameters need."""
        return ()

    def bound(self, places: Places) -> Self:
        """This stage as it runs: with the files that it reads found, and checked.

        Raises:
            InputError: a file that a parameter names does not exist, or is not what it has to be.
        """
        del places
        return self

    def pins(self, places: Places) -> Mapping[str, str]:
        """The SHA-256 of each file that decides about its results, by the name that the recipe gives it.

        Raises:
            InputError: there is no such file.
        """
        del places
        return {}

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """Where in a text stands what shows why a rule stops it, in characters; nothing where that has no place.

        It is asked for documents that were stopped, and shown beside the verdict. The spans lie in order, and none is
        empty.

        Args:
            rule: the rule's name.
            text: the text as it is written at the end, which later stages may have changed.
            columns: what is written of this stage's columns.
        """
        del rule, text, columns
        return ()

    def checked(self) -> SelfCheck | None:
        """How well it finds what it names; None for a stage that does not measure it."""
        return None


class DocumentStage(Stage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stage that looks at each document by itself.

    Attributes:
        cpu_seconds: the most time of a processor that one document may take; one that takes more fails.
    """

    cpu_seconds: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 10.0

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The new columns for the rows of `batch`, which stays as it is; every column of `columns` is there."""
        raise NotImplementedError


class CorpusStage(Stage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stage that compares each document with all others."""

    comparison: ClassVar[str] = ""
    """The class that compares, as `module:Class`. It is loaded when a recipe runs, not when a recipe is read."""

    def concluded(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """More columns for documents that have those of the comparison, such as a text without what others repeat.

        A document that was not compared has none of the comparison's columns; its own stay as they are.
        """
        del batch
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is.

    Attributes:
        phase: what is going on, in words.
        done: documents done in this phase.
        total: documents of this phase, when they are known before.
    """

    phase: str
    done: int
    total: int | None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a cluster that is dropped: the kept one that it is like, and how much."""

    id: str
    kept: str
    likeness: float


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Documents that are connected by likeness: those that are kept for all, and those that are dropped."""

    kept: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a comparison found.

    Attributes:
        columns: the columns of its stage, with a value for each document in the order in which they were added.
        clusters: the groups of like documents, the largest first.
    """

    columns: Mapping[str, Sequence[object]]
    clusters: tuple[Cluster, ...]


class Comparison(Protocol):
    """Compares all documents of a corpus; made with its stage and an empty folder for what is too large for memory."""

    def add(self, batch: Batch) -> None:
        """See the next documents, in reading order."""
        ...

    def decide(self, should_stop: Callable[[], bool]) -> Compared:
        """What is like what, after all documents were added.

        Raises:
            Cancelled: `should_stop` said so.
        """
        ...

    def close(self) -> None:
        """Let go of what lies on the disk."""
        ...
