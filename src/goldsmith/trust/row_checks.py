"""Recomputes from the rows of a release what its manifest and certificate claim about them."""

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.kit.digest import canonical_json
from goldsmith.trust import layouts
from goldsmith.trust.layouts import ContentRow, Manifest, Sheet, SheetEntry, content_leaf
from goldsmith.trust.merkle import Frontier, leaf_hash
from goldsmith.trust.reports import Fault, VerifyStatus
from goldsmith.trust.row_marks import bounded_lines, changed_rows, lines_for_list, lines_of_list

_BATCH = 1024
_CERTIFIED = ("content_root", "n_items", "n_answered")

_ROWS = msgspec.json.Decoder(ContentRow)


def check_contents(folder: Path, manifest: Manifest) -> list[Fault]:
    """What the rows contradict: counts, roots, order, the lists of row hashes, the certificate.

    Every listed file is known to be the one that was signed, so a fault found here is the signer's own.
    """
    listed = {entry.name for entry in manifest.files}
    needed = {layouts.CERTIFICATE, *(name for sheet in layouts.SHEETS for name in (sheet.jsonl, sheet.hashes))}
    faults = [_fault(layouts.MANIFEST, f"does not list {name}") for name in sorted(needed - listed)]
    entries = {sheet: manifest.sheet(sheet.name) for sheet in layouts.SHEETS}
    faults += [
        _fault(layouts.MANIFEST, f"does not describe {sheet.jsonl}") for sheet, entry in entries.items() if not entry
    ]
    if faults:
        return faults
    for sheet, entry in entries.items():
        if entry is not None:
            faults += _check_sheet(folder, sheet, entry)
    return [*faults, *_check_items(folder, manifest), *_check_certificate(folder, manifest)]


def _check_sheet(folder: Path, sheet: Sheet, entry: SheetEntry) -> list[Fault]:
    path, lines = folder / sheet.jsonl, Frontier()
    for batch in _batches(bounded_lines(path, entry.longest_line_bytes)):
        lines = lines.extended(leaf_hash(line or b"") for line in batch)
    faults: list[Fault] = []
    if lines.size != entry.n_rows:
        faults.append(_fault(sheet.jsonl, f"has {lines.size:,} rows, but the manifest says {entry.n_rows:,}"))
    if lines.root().hex() != entry.root:
        faults.append(_fault(sheet.jsonl, "does not have the Merkle root that the manifest says"))
    found = lines_for_list(path, entry.longest_line_bytes)
    return [*faults, *changed_rows(sheet.jsonl, lines_of_list(folder / sheet.hashes), found)]


def _check_items(folder: Path, manifest: Manifest) -> list[Fault]:
    """Recompute the content root, the order, and who answered how much."""
    contents, tally, last, number = Frontier(), _Answers(), None, 0
    for batch in _batches(bounded_lines(folder / layouts.ITEMS.jsonl, _longest(manifest))):
        leaves: list[bytes] = []
        for line in batch:
            number += 1
            row = _item(line)
            if row is None:
                return [_fault(layouts.ITEMS.jsonl, "is not a row of a release", row=number)]
            if last is not None and row.external_id <= last:
                return [_fault(layouts.ITEMS.jsonl, "is not in the order of external ids", row=number)]
            last = row.external_id
            leaves.append(content_leaf(row))
            tally.add(row)
        contents = contents.extended(leaves)
    faults: list[Fault] = []
    if contents.root().hex() != manifest.content_root:
        faults.append(_fault(layouts.ITEMS.jsonl, "does not have the content root that the manifest says"))
    if tally.n_answered != manifest.n_answered:
        said = f"{tally.n_answered:,} answered items, but the manifest says {manifest.n_answered:,}"
        faults.append(_fault(layouts.ITEMS.jsonl, f"has {said}"))
    if tally.who != _claimed_who(manifest):
        faults.append(_fault(layouts.CERTIFICATE, "does not say who answered how much as the rows do"))
    return faults


class _Answers:
    """Counts answered items, and answers by kind, name and version of who gave them."""

    __slots__ = ("n_answered", "who")

    def __init__(self) -> None:
        self.n_answered = 0
        self.who: dict[bytes, int] = {}

    def add(self, row: ContentRow) -> None:
        answered = [one for one in row.answers if one.get("outcome") == "answered"]
        self.n_answered += bool(answered)
        for one in answered:
            who = _who(one.get("kind"), one.get("annotator"), one.get("version"))
            self.who[who] = self.who.get(who, 0) + 1


def _claimed_who(manifest: Manifest) -> dict[bytes, int]:
    claimed: Any = manifest.certificate.get("who")  # whatever the signer put there
    try:
        return {_who(one["kind"], one["name"], one["version"]): one["n_answers"] for one in claimed}
    except (TypeError, KeyError):
        return {}


def _who(kind: object, name: object, version: object) -> bytes:
    return canonical_json([kind, name, version])


def _check_certificate(folder: Path, manifest: Manifest) -> list[Fault]:
    try:
        certificate = msgspec.json.decode((folder / layouts.CERTIFICATE).read_bytes(), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        return [_fault(layouts.CERTIFICATE, f"is not a certificate: {error}")]
    items = manifest.sheet(layouts.ITEMS.name)
    true = (manifest.content_root, items.n_rows if items else 0, manifest.n_answered)
    faults = [
        _fault(layouts.CERTIFICATE, f"says {certificate.get(name)!r} for {name}, but it is {value!r}")
        for name, value in zip(_CERTIFIED, true, strict=True)
        if certificate.get(name) != value
    ]
    if certificate != manifest.certificate:
        faults.append(_fault(layouts.CERTIFICATE, "differs from the certificate in the manifest"))
    return faults


def _item(line: bytes | None) -> ContentRow | None:
    try:
        return _ROWS.decode(line or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _longest(manifest: Manifest) -> int:
    return max(entry.longest_line_bytes for entry in manifest.sheets)


def _batches(lines: Iterable[bytes | None]) -> Iterator[list[bytes | None]]:
    rest = iter(lines)
    while batch := list(itertools.islice(rest, _BATCH)):
        yield batch


def _fault(file: str, text: str, row: int | None = None) -> Fault:
    return Fault(kind=VerifyStatus.TAMPERED, file=file, text=text, row=row)
