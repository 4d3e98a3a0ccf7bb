"""Personal data: e-mail addresses, numbers of people and accounts, and secrets, replaced or only marked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.personal import KINDS, Found, Kind, find_personal
from goldsmith.refine.rules import Bound, Rule

_COUNTED: Mapping[Kind, str] = {
    "email": "personal_emails",
    "phone": "personal_phones",
    "ip": "personal_addresses",
    "iban": "personal_accounts",
    "card": "personal_cards",
    "national-id": "personal_ids",
    "secret": "personal_secrets",
}
_MARKS: Mapping[Kind, str] = {
    "email": "[e-mail]",
    "phone": "[phone]",
    "ip": "[IP address]",
    "iban": "[IBAN]",
    "card": "[card number]",
    "national-id": "[national id]",
    "secret": "[secret]",
}


class PersonalData(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Finds personal data and secrets, and replaces each by a word in brackets that says what it was.

    What has check digits is known by them: account numbers (ISO 13616), cards (ISO/IEC 7812), national numbers of
    twelve countries; where check digits are weak, a word such as *SSN* has to stand before. Addresses and hosts that
    are reserved for documentation are left. Names and postal addresses are not found.

    Attributes:
        kinds: what to look for.
        redact: whether findings are replaced; else they are only counted and marked.
        phone_regions: countries (ISO 3166, such as `DE`) whose telephone numbers are known without a country code, when
            a word such as *phone* stands before.
        max_found: documents with more findings are dropped; without it none are.
    """

    name: ClassVar[str] = "personal-data"
    title: ClassVar[str] = "Personal data"
    columns: ClassVar[Kinds] = {
        "text": "text",
        "n_personal": "int",
        **dict.fromkeys(_COUNTED.values(), "int"),
        "personal": "text",
    }
    changes: ClassVar[Mapping[str, str]] = {
        "personal_emails": "e-mail addresses",
        "personal_phones": "telephone numbers",
        "personal_addresses": "public IP addresses",
        "personal_accounts": "account numbers",
        "personal_cards": "card numbers",
        "personal_ids": "national numbers",
        "personal_secrets": "keys and tokens",
    }
    spans: ClassVar[frozenset[str]] = frozenset({"personal"})
    libraries: ClassVar[tuple[str, ...]] = ("phonenumbers",)
    thresholds: ClassVar[frozenset[str]] = frozenset({"max_found"})

    kinds: tuple[Kind, ...] = KINDS
    redact: bool = True
    phone_regions: tuple[str, ...] = ()
    max_found: int | None = None

    def __post_init__(self) -> None:
        if self.max_found is not None and self.max_found < 0:
            raise ValueError("`max_found` cannot be negative")
        for region in self.phone_regions:
            if len(region) != 2 or not region.isalpha() or not region.isupper():
                raise ValueError(f"`phone_regions` are two capital letters such as DE, not {region!r}")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The texts, how much of each kind was found, and where: offsets into the text as it is written, as JSON."""
        columns: dict[str, list[object]] = {name: [] for name in self.columns}
        for text in batch.column("text").to_pylist():
            found = find_personal(text, self.kinds, phone_regions=self.phone_regions)
            new, marks = _redacted(text, found) if self.redact else (text, found)
            counts = Counter(one.kind for one in found)
            columns["text"].append(new)
            columns["n_personal"].append(len(found))
            for kind, name in _COUNTED.items():
                columns[name].append(counts[kind])
            columns["personal"].append(_as_json(marks) if marks else None)
        return columns

    def rules(self) -> tuple[Rule, ...]:
        """Drops what holds more than the maximum, when that is asked for."""
        if self.max_found is None:
            return ()
        most = Bound(
            name="too-much-personal-data",
            number="n_personal",
            side="maximum",
            threshold=self.max_found,
            label="findings of personal data and secrets",
            unit="findings",
            reason="{value} findings of personal data and secrets, above the maximum of {threshold}",
        )
        return (most,)

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """Where the findings stand, or what they were replaced by."""
        from goldsmith.refine.evidence.places import places_in  # noqa: PLC0415 - when only a recipe is read

        del rule, text
        return places_in(columns["personal"])


def _redacted(text: str, found: Sequence[Found]) -> tuple[str, list[Found]]:
    """The text with each finding replaced, and where the marks stand in it."""
    parts: list[str] = []
    marks: list[Found] = []
    done = length = 0
    for one in found:
        mark = _MARKS[one.kind]
        parts += [text[done : one.start], mark]
        start = length + one.start - done
        length, done = start + len(mark), one.end
        marks.append(Found(one.kind, start, length))
    return "".join([*parts, text[done:]]), marks


def _as_json(marks: Sequence[Found]) -> str:
    rows = [{"kind": one.kind, "start": one.start, "end": one.end} for one in marks]
    return msgspec.json.encode(rows).decode()


plugin = PersonalData
