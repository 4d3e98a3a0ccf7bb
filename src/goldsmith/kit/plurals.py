"""Numbers of things in words."""

from typing import Final

_IRREGULAR: Final = {"person": "people", "reply": "replies", "class": "classes"}


def counted(n: int, noun: str) -> str:
    """`1 item`, `1,180 items`, `3 people`."""
    return f"{n:,} {noun if n == 1 else _IRREGULAR.get(noun, noun + 's')}"
