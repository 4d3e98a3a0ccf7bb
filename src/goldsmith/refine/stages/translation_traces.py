"""Translation traces: what in a page says that its text was translated by a machine."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Rule, Verdict
from goldsmith.refine.translations import Trace, TraceKind, traces_of

_REASONS: Mapping[TraceKind, str] = {
    "engine": "an engine of machine translation rewrote the page",
    "credit": "the text says that it was translated by a machine",
    "plugin": "the site has a program that offers machine translations",
}


class Traced(Rule, frozen=True, kw_only=True):
    """Drops documents with evidence of machine translation.

    Attributes:
        kinds: the kinds of evidence that drop a document.
    """

    kinds: tuple[TraceKind, ...]

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows with a trace of one of the kinds."""
        return [self._verdict(_decoded(traces)) for traces in batch.column("translation_traces").to_pylist()]

    def _verdict(self, traces: Sequence[Trace]) -> Verdict | None:
        trace = next((each for each in traces if each.kind in self.kinds), None)
        if trace is None:
            return None
        evidence: dict[str, object] = {"kind": trace.kind, "name": trace.name, "quote": trace.quote}
        return Verdict(action="drop", reason=f"{_REASONS[trace.kind]}: {trace.quote!r}", evidence=evidence)


class TranslationTraces(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Finds direct evidence of machine translation: what engines leave in pages, sentences that say so, and programs.

    It only annotates, unless it is told what to drop. Between `decode` and `extract-html` it sees the source of pages,
    which holds what engines and programs leave; later it only finds sentences. A text without evidence may still be a
    translation: nothing is guessed from how it reads.

    Attributes:
        drop: the kinds of evidence that drop a document: `engine` for what Google and Microsoft leave in a page that
            they rewrote, `credit` for a sentence such as `Translated with DeepL`, `plugin` for programs such as Weglot,
            which also serve pages that nobody translated.
    """

    name: ClassVar[str] = "translation-traces"
    title: ClassVar[str] = "Translation traces"
    columns: ClassVar[Kinds] = {
        "translation_kinds": "text",
        "translation_traces": "text",
    }
    named: ClassVar[Mapping[str, str]] = {"translation_kinds": "traces of machine translation"}
    spans: ClassVar[frozenset[str]] = frozenset({"translation_traces"})
    thresholds: ClassVar[frozenset[str]] = frozenset({"drop"})

    drop: tuple[TraceKind, ...] = ()

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The kinds of evidence of each document, and what stands where."""
        found = [traces_of(text) for text in batch.column("text").to_pylist()]
        kinds = [sorted({trace.kind for trace in traces}) for traces in found]
        return {
            "translation_kinds": [msgspec.json.encode(each).decode() if each else None for each in kinds],
            "translation_traces": [msgspec.json.encode(each).decode() if each else None for each in found],
        }

    def rules(self) -> tuple[Rule, ...]:
        """Drops documents with evidence, when that is asked for."""
        return (Traced(name="machine-translated", kinds=self.drop),) if self.drop else ()

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """Where the traces stand, if the text still has them."""
        del rule
        traces = _decoded(columns["translation_traces"])
        return [(each.start, each.end) for each in traces if text[each.start : each.end].startswith(each.quote)]


def _decoded(traces: object) -> list[Trace]:
    return msgspec.json.decode(traces, type=list[Trace]) if isinstance(traces, str) else []


plugin = TranslationTraces
