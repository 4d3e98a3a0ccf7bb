"""Audio regions: mark stretches of a sound and write down what is said in them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from goldsmith.tasks.payloads import duration_of
from goldsmith.tasks.questions import Example, Option, shown
from goldsmith.tasks.regions import Likeness, Region, Regions
from goldsmith.tasks.shapes import crossing_pairs
from goldsmith.tasks.texts import is_encodable, normal_text, text_distance
from goldsmith.tasks.values import whole_number

MAX_TRANSCRIPT_LENGTH = 10_000


class AudioRegions(Regions, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="audio_regions"):
    """A question whose answer is a list of labelled stretches of a sound, in milliseconds, the end exclusive.

    Attributes:
        field: the item's field whose sound is marked.
        labels: what a stretch can be, in the order shown.
        attributes: what is asked about each stretch; their conditions may name its `label`.
        transcript: whether what is said in a stretch is written down as its `text`.
    """

    widget: ClassVar[str] = "AudioRegions"
    title: ClassVar[str] = "Mark stretches of sound"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("audio",)}
    noun: ClassVar[str] = "region"
    place_keys: ClassVar[frozenset[str]] = frozenset({"start_ms", "end_ms"})
    further_keys: ClassVar[frozenset[str]] = frozenset({"text"})

    transcript: bool = False

    @classmethod
    def example(cls) -> Example:
        """Who speaks when in a call."""
        labels = (Option(value="caller", label="Caller"), Option(value="agent", label="Agent"))
        question = cls(name="turns", label="Who speaks when?", field="call", labels=labels, transcript=True)
        hello = {"start_ms": 0, "end_ms": 1200, "label": "agent", "text": "Good morning."}
        order = {"start_ms": 1300, "end_ms": 4000, "label": "caller", "text": "Where is my order?"}
        call = {"blob": "0" * 64, "media_type": "audio/wav", "name": "call.wav", "duration_ms": 5000}
        return Example(question=question, item={"call": call}, answers=([hello], [hello, order], [order], []))

    def place_in(self, item: Mapping[str, object]) -> int | None:
        """How long the sound is."""
        return duration_of(item, self.field)

    def region(self, parts: Mapping[str, object], place: int) -> Region:
        """Start and end, and the transcript where there is one."""
        start, end = whole_number(parts["start_ms"]), whole_number(parts["end_ms"])
        if start is None or end is None or not 0 <= start < end <= place:
            raise ValueError(
                f"{shown(parts)} does not lie in the {place} milliseconds of the sound; send whole numbers with "
                f"0 <= start_ms < end_ms <= {place}."
            )
        region: Region = {"start_ms": start, "end_ms": end}
        raw = parts.get("text")
        if raw is None:
            return region
        if not self.transcript:
            raise ValueError("regions of this question have no transcript; leave out `text`.")
        if not isinstance(raw, str) or not is_encodable(raw):
            raise ValueError(f"`text` {shown(raw)} is not a text.")
        text = normal_text(raw)
        if len(text) > MAX_TRANSCRIPT_LENGTH:
            raise ValueError(f"`text` has {len(text)} characters; at most {MAX_TRANSCRIPT_LENGTH} are kept.")
        return {**region, "text": text} if text else region

    def order(self, region: Region) -> tuple[object, ...]:
        """Start and end."""
        return region["start_ms"], region["end_ms"]

    def overlaps(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterable[Likeness]:
        """The shared time by that of either."""
        spans = [[(one["start_ms"], 0, one["end_ms"], 1) for one in side] for side in (ones, others)]
        for i, j in crossing_pairs(spans[0], spans[1]):
            (start, _, end, _), (other_start, _, other_end, _) = spans[0][i], spans[1][j]
            shared = min(end, other_end) - max(start, other_start)
            yield i, j, shared / (max(end, other_end) - min(start, other_start))

    def details(self, one: Region, other: Region) -> list[float]:
        """The distances of the attributes and of the transcripts."""
        found = super().details(one, other)
        return [*found, text_distance(one.get("text", ""), other.get("text", ""))] if self.transcript else found


plugin = AudioRegions
