"""Licence evidence: which licence a document says that it is under, and where it says so."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import ClassVar

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.kit.nearest import nearest
from goldsmith.refine.addresses import known_of
from goldsmith.refine.licences.identifiers import known_ids
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Rule, Verdict


class LicenceRule(Rule, frozen=True, kw_only=True):
    """Drops documents with a licence that is forbidden, or without one that is required.

    Attributes:
        patterns: identifiers, in which `*` stands for anything.
        is_required: whether one of them has to be there; else none may be.
    """

    patterns: tuple[str, ...]
    is_required: bool

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops by the licences of each row; the evidence is what the document says."""
        rows = zip(*(batch.column(name).to_pylist() for name in ("licences", "licence_evidence")), strict=True)
        return [self._verdict(licences, evidence) for licences, evidence in rows]

    def _verdict(self, licences: str | None, evidence: str | None) -> Verdict | None:
        named = [] if licences is None else msgspec.json.decode(licences, type=list[str])
        fitting = [name for name in named if any(fnmatchcase(name, pattern) for pattern in self.patterns)]
        if bool(fitting) == self.is_required:
            return None
        said = [] if evidence is None else msgspec.json.decode(evidence, type=list[dict[str, object]])
        if not self.is_required:
            reason = f"it says that it is under {', '.join(fitting)}"
            said = [each for each in said if each["id"] in fitting]
        elif named:
            reason = f"it says that it is under {', '.join(named)}, none of those required"
        else:
            reason = "it does not say which licence it is under"
        return Verdict(action="drop", reason=reason, evidence={"licences": named, "said": said})


class LicenceEvidence(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Writes down which licence a document says that it is under, as identifiers of SPDX, with the place that says it.

    It reads what the source knows (`license` and the like); SPDX tags; links, buttons, `meta` elements and JSON-LD of
    pages, when it stands before `extract-html`; sentences and labels in a dozen languages; the words of licences
    themselves; and `All rights reserved`, which counts when nothing else is said. What speaks of a photograph or the
    like is evidence, and no licence of the document. What a document says need not be true.

    Attributes:
        require: licences of which one has to be there, such as `CC-BY-*`; other documents are dropped.
        forbid: licences that documents are dropped for, such as `*-NC-*` or `LicenseRef-all-rights-reserved`.

    Source: the SPDX License List 3.27 and its short identifiers; Creative Commons, "Marking your work".
    """

    name: ClassVar[str] = "licence-evidence"
    title: ClassVar[str] = "Licences"
    columns: ClassVar[Kinds] = {"licences": "text", "licence_evidence": "text"}
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy")
    named: ClassVar[Mapping[str, str]] = {"licences": "licences"}
    thresholds: ClassVar[frozenset[str]] = frozenset({"require", "forbid"})

    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = known_ids().values()
        for pattern in (*self.require, *self.forbid):
            if not pattern.startswith("LicenseRef-") and not any(fnmatchcase(name, pattern) for name in known):
                raise ValueError(f"{pattern!r} is no licence of SPDX; {nearest(pattern, known)}")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The licences of each document and what says so, both as JSON; nothing where nothing is said."""
        from goldsmith.kit.arrow import utf8  # noqa: PLC0415 - loads the compiler's library
        from goldsmith.refine.licences.documents import evidence_of, licences_of, speaking  # noqa: PLC0415

        columns: dict[str, list[object]] = {name: [None] * batch.num_rows for name in self.columns}
        texts = utf8(batch, "text")
        rows = zip(*(batch.column(name).to_pylist() for name in ("meta", "_media")), speaking(texts), strict=True)
        for row, (meta, media, is_speaking) in enumerate(rows):
            known = known_of(meta)
            content = texts.content[texts.offsets[row] : texts.offsets[row + 1]] if is_speaking else None
            if evidence := evidence_of(content, known, is_html=media == "html") if is_speaking or known else []:
                licences = licences_of(evidence)
                columns["licences"][row] = msgspec.json.encode(licences).decode() if licences else None
                columns["licence_evidence"][row] = msgspec.json.encode(evidence).decode()
        return columns

    def rules(self) -> tuple[Rule, ...]:
        """Drops by the licences, when that is asked for."""
        rules: list[Rule] = []
        if self.forbid:
            rules.append(LicenceRule(name="forbidden-licence", patterns=self.forbid, is_required=False))
        if self.require:
            rules.append(LicenceRule(name="no-required-licence", patterns=self.require, is_required=True))
        return tuple(rules)


plugin = LicenceEvidence
