"""The labelling servers that are compared, behind one interface, and the load that all of them get."""

import random
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

Store = Literal["sqlite", "postgresql"]

LABELS = ("positive", "negative", "neutral")
SEED = 7
_WORDS = """
    the of and data label model task people quality train image text audio video robot agent code test answer question
    review product service price great poor fast slow clean noisy gold silver expert field
""".split()  # noqa: SIM905


class Place(NamedTuple):
    """Where a server runs: a folder of its own, a port, its store, and the core it may use."""

    folder: Path
    port: int
    store: Store
    database_url: str
    core: int | None


class Cycle(NamedTuple):
    """One item leased and answered: how long both took, and which item it was."""

    lease_s: float
    submit_s: float
    item: str


class Page(NamedTuple):
    """What the first page of the item list brought."""

    n_rows: int
    n_bytes: int
    n_calls: int


class Session(Protocol):
    """One annotator who works without a pause."""

    async def cycle(self, label: str) -> Cycle:
        """Take the next item and answer it."""
        ...

    async def close(self) -> None:
        """Leave."""
        ...


class Peer(Protocol):
    """A labelling server under load."""

    @property
    def name(self) -> str:
        """What the table calls it."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What one has to know to read its column fairly."""
        ...

    def version(self) -> str:
        """The version that is measured."""
        ...

    def start(self, place: Place) -> int:
        """Start it in a fresh folder and make a project with one choice question; returns the server's process id."""
        ...

    def load(self, texts: list[str]) -> None:
        """Import the texts as items."""
        ...

    def session(self, index: int) -> Session:
        """A new annotator."""
        ...

    async def first_page(self) -> Page:
        """Ask for what the browser asks for when it opens the item list."""
        ...

    def export(self) -> int:
        """Read the whole JSON export; returns its size in bytes."""
        ...

    def stop(self) -> None:
        """Stop the server."""
        ...


def make_texts(n: int) -> list[str]:
    """`n` texts of 20 to 60 words, the same in every run."""
    source = random.Random(SEED)  # noqa: S311 - a load, not a secret
    return [" ".join(source.choices(_WORDS, k=source.randint(20, 60))) for _ in range(n)]
