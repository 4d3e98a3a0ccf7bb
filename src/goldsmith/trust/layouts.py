"""How a release folder is laid out: its files, its manifest, and how its rows are hashed.

Writers and the verifier share this module; it is all that has to agree between them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.trust.merkle import leaf_hash

FORMAT = "goldsmith-release/v1"
PREDICATE_TYPE = "https://github.com/goldsmith-data/goldsmith/dataset-release/v1"

ENVELOPE = "release.dsse.json"
MANIFEST = "manifest.json"
PUBLIC_KEY = "public-key.txt"
CERTIFICATE = "certificate.json"
UNLISTED = frozenset({ENVELOPE, MANIFEST})
"""Files that the manifest cannot list: itself, and the signature over it."""

ITEM_COLUMNS = ("external_id", "content_sha256", "payload", "consensus", "answers")
"""Columns of an item sheet that are always there; every other column is a field of the schema or a flat one."""

_FILE_NAME = re.compile(r"(rows/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


SheetName = Literal["items", "annotations"]


class Sheet(msgspec.Struct, frozen=True):
    """A table of a release, written three times: as JSON lines, as Parquet, and as a list of row hashes."""

    name: SheetName

    @property
    def jsonl(self) -> str:
        """The rows as JSON lines; the lines are what is hashed."""
        return f"{self.name}.jsonl"

    @property
    def parquet(self) -> str:
        """The same rows as Parquet."""
        return f"{self.name}.parquet"

    @property
    def hashes(self) -> str:
        """The list with a line for each row: its SHA-256 and its external id."""
        return f"rows/{self.name}.sha256"


ITEMS = Sheet("items")
ANNOTATIONS = Sheet("annotations")
SHEETS = (ITEMS, ANNOTATIONS)


class FileEntry(msgspec.Struct, frozen=True):
    """A file as the manifest lists it. Its name comes first, which the recipe with stock tools relies on."""

    name: str
    sha256: str
    size_bytes: int

    def __post_init__(self) -> None:
        if not is_file_name(self.name):
            raise ValueError(f"{self.name[:80]!r} cannot be a file of a release")


class SheetEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet as the manifest describes it.

    Attributes:
        name: `items` or `annotations`.
        n_rows: how many rows it has.
        longest_line_bytes: the size of its longest JSON line, which bounds what a reader has to hold.
        root: Merkle root of the lines, 64 hexadecimal digits.
    """

    name: SheetName
    n_rows: int
    longest_line_bytes: int
    root: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a release consists of; its SHA-256 is what the signed statement carries."""

    format: Literal["goldsmith-release/v1"]
    version: str
    project: str
    client: str
    created_at: int
    key_id: str
    content_root: str
    n_answered: int
    sheets: tuple[SheetEntry, ...]
    certificate: dict[str, Any]  # for the reader; its own file holds the same
    files: tuple[FileEntry, ...]
    tools: dict[str, str]
    checkpoint: str

    def sheet(self, name: str) -> SheetEntry | None:
        """The sheet called `name`, if the release has it."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


class ContentRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the content root needs of an item row."""

    external_id: str
    content_sha256: str
    payload: dict[str, Any]  # the client's own values
    consensus: list[dict[str, Any]]
    answers: list[dict[str, Any]]


def is_file_name(name: str) -> bool:
    """Whether a file of a release may be called so: plain letters, at most inside `rows`, no way out of the folder."""
    return _FILE_NAME.fullmatch(name) is not None


def content_leaf(row: ContentRow) -> bytes:
    """The Merkle leaf of an item: only what the same inputs give again in any other home.

    A person's pseudonym is made from a home's secret, so a person's answer counts without it; a model's name and
    version stay. The order of answers and of questions does not matter.
    """
    content = {
        "answers": _in_order([_without_pseudonym(answer) for answer in row.answers]),
        "consensus": _in_order(row.consensus),
        "content_sha256": row.content_sha256,
        "external_id": row.external_id,
        "payload": row.payload,
    }
    return leaf_hash(canonical_json(content))


def row_line(row: Mapping[str, object]) -> bytes:
    """A row as it stands in the JSON lines, its end of line included."""
    return canonical_json(row) + b"\n"


def hash_line(row_sha256: str, external_id: str) -> bytes:
    """A row as it stands in the list of row hashes."""
    return f"{row_sha256}  ".encode() + canonical_json(external_id) + b"\n"


def line_sha256(line: bytes) -> str:
    """SHA-256 of a JSON line with its end, as `sed -n 7p items.jsonl | sha256sum` prints it."""
    return sha256_hex(line)


def flat_cells(consensus: Sequence[Mapping[str, Any]]) -> dict[str, str | float | None]:
    """The consensus once more as flat columns for whoever loads a table: `label.<question>`, `confidence.<question>`.

    A value that is no text stands there as JSON.
    """
    cells: dict[str, str | float | None] = {}
    for one in consensus:
        value = one["value"]
        is_text = value is None or isinstance(value, str)
        cells[f"label.{one['question']}"] = value if is_text else canonical_json(value).decode()
        cells[f"confidence.{one['question']}"] = one["confidence"]
    return cells


def is_flat(column: str) -> bool:
    """Whether a column is one of the flat ones, so that no field of the schema may be called so."""
    return column.startswith(("label.", "confidence."))


def _without_pseudonym(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("kind") == "model":
        return answer
    return {name: value for name, value in answer.items() if name != "annotator"}


def _in_order(values: Sequence[object]) -> list[msgspec.Raw]:
    return [msgspec.Raw(text) for text in sorted(canonical_json(value) for value in values)]
