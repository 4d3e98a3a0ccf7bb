"""Check digits that several kinds of numbers share."""

from collections.abc import Sequence

_MULTIPLIED = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def has_luhn(digits: str) -> bool:
    """Whether the last of `digits` is right (ISO/IEC 7812-1, annex B).

    Example:
        >>> has_luhn("4111111111111111"), has_luhn("4111111111111112")
        (True, False)
    """
    total = 0
    for place, char in enumerate(reversed(digits)):
        doubled = int(char) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def has_verhoeff(digits: str) -> bool:
    """Whether the last of `digits` is right (Verhoeff 1969, the dihedral group of order 10).

    Example:
        >>> has_verhoeff("2363"), has_verhoeff("2364")
        (True, False)
    """
    state = 0
    for place, char in enumerate(reversed(digits)):
        state = int(_MULTIPLIED[state][int(_PERMUTED[place % 8][int(char)])])
    return state == 0


def weighted(digits: str, weights: Sequence[int]) -> int:
    """The sum of digits times weights, as far as there are weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
