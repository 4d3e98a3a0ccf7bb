"""Usage signals: what the owners of documents say against their use, above all for training models."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, get_args

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.addresses import known_of
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Rule, Verdict
from goldsmith.refine.usage import Signal, SignalName
from goldsmith.refine.usage.signals import AI_CRAWLERS, NAMES, said_by_source, said_in_page

_NAMES: tuple[SignalName, ...] = get_args(SignalName)


class OptedOut(Rule, frozen=True, kw_only=True):
    """Drops documents against whose use something was said.

    Attributes:
        signal: what was said.
    """

    signal: SignalName

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows with the signal; the evidence is who said it, and the words."""
        names, said = (batch.column(name).to_pylist() for name in ("opt_outs", "opt_out_evidence"))
        mark = f'"{self.signal}"'
        return [
            None if name is None or mark not in name else self._drop(msgspec.json.decode(evidence, type=list[Signal]))
            for name, evidence in zip(names, said, strict=True)
        ]

    def _drop(self, said: Sequence[Signal]) -> Verdict:
        found = [each for each in said if each.signal == self.signal]
        evidence: dict[str, object] = {"said": [msgspec.to_builtins(each) for each in found]}
        return Verdict(action="drop", reason=f"{self.signal}, says the {found[0].by}", evidence=evidence)


class UsageSignals(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Writes down what is said against the use of a document, and drops it only for what `respect` names.

    It reads the headers X-Robots-Tag, TDM-Reservation, Content-Signal and Content-Usage as far as the source carries
    them; `meta` elements, so it has to stand before `extract-html`; and the robots.txt, ai.txt and tdmrep.json of a
    site when they lie before the page in the same web archives. Of contradicting words those against the use count.

    Attributes:
        respect: what documents are dropped for.
        agents: more crawlers that collect for models, by their names in robots.txt.

    Source: RFC 9309; W3C community report "TDM Reservation Protocol" (2024); contentsignals.org; the IETF's drafts of
    the working group aipref; Google Search Central on robots meta tags.
    """

    name: ClassVar[str] = "usage-signals"
    title: ClassVar[str] = "Words against use"
    columns: ClassVar[Kinds] = {"opt_outs": "text", "opt_out_evidence": "text"}
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy")
    named: ClassVar[Mapping[str, str]] = {"opt_outs": "words against use"}
    thresholds: ClassVar[frozenset[str]] = frozenset({"respect"})

    respect: tuple[SignalName, ...] = ()
    agents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(map(str.strip, self.agents)):
            raise ValueError("`agents` holds an empty name; write that of a crawler, such as GPTBot")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """What is said against each document, as JSON: the names, and each time that it was said."""
        from goldsmith.kit.arrow import text_at, utf8  # noqa: PLC0415 - loads the compiler's library
        from goldsmith.refine.word_screens import screen_of, screened  # noqa: PLC0415

        agents = AI_CRAWLERS | frozenset(map(str.lower, self.agents))
        columns: dict[str, list[object]] = {name: [None] * batch.num_rows for name in self.columns}
        texts = utf8(batch, "text")
        is_named = screened(texts, screen_of((*NAMES, *sorted(agents)))).tolist()
        rows = zip(*(batch.column(name).to_pylist() for name in ("meta", "_media")), is_named, strict=True)
        for row, (meta, media, is_speaking) in enumerate(rows):
            known, in_page = known_of(meta), iter(())
            if media == "html" and is_speaking:
                in_page = said_in_page(text_at(texts, row), agents)
            if said := [*said_by_source(known, agents), *in_page]:
                names = [name for name in _NAMES if any(each.signal == name for each in said)]
                columns["opt_outs"][row] = msgspec.json.encode(names).decode()
                columns["opt_out_evidence"][row] = msgspec.json.encode(said).decode()
        return columns

    def rules(self) -> tuple[Rule, ...]:
        """Drops for what `respect` names."""
        return tuple(OptedOut(name=signal, signal=signal) for signal in dict.fromkeys(self.respect))


plugin = UsageSignals
