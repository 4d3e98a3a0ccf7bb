"""Finds personal data and secrets in texts: by form, and wherever there is one by checksum."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from goldsmith.refine.personal import banking, contacts, national, secrets

Kind = Literal["email", "phone", "ip", "iban", "card", "national-id", "secret"]
KINDS: tuple[Kind, ...] = ("email", "phone", "ip", "iban", "card", "national-id", "secret")
"""What can be found, in the order in which one finding gives way to another that covers it."""

Span = tuple[int, int]


class Found(NamedTuple):
    """One finding: what it is, and where in the text, in code points."""

    kind: Kind
    start: int
    end: int


def find_personal(text: str, kinds: Sequence[Kind], *, phone_regions: Sequence[str] = ()) -> list[Found]:
    """What `text` holds of `kinds`, from left to right; of findings that overlap, the longest.

    Args:
        text: any text.
        kinds: what to look for.
        phone_regions: countries (ISO 3166, such as `DE`) whose numbers are also known without their `+49`.
    """
    finders: Mapping[Kind, Callable[[str], Iterator[Span]]] = {
        **_FINDERS,
        "phone": lambda given: contacts.phones(given, phone_regions),
    }
    found = [Found(kind, start, end) for kind in kinds for start, end in finders[kind](text)]
    taken: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start - each.end, each.start, KINDS.index(each.kind))):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda each: each.start)


_FINDERS: Mapping[Kind, Callable[[str], Iterator[Span]]] = MappingProxyType(
    {
        "email": contacts.emails,
        "ip": contacts.addresses,
        "iban": banking.ibans,
        "card": banking.cards,
        "national-id": national.ids,
        "secret": secrets.secrets,
    }
)
