"""The verdicts and scores of a finished run as arrays, some documents at a time and without their texts."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import xxhash
from numpy.typing import NDArray

from goldsmith.errors import Conflict
from goldsmith.kit.arrow import names_of, take_rows
from goldsmith.kit.columns import Batch
from goldsmith.kit.parquet import read_parquet
from goldsmith.refine.model import ORDER, Stage
from goldsmith.refine.outputs import DROPPED, KEPT, parts_of
from goldsmith.refine.pipeline import kept_kinds
from goldsmith.refine.rules import Action, NumberRule, Present, Rule

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Sieve(NamedTuple):
    """A rule that drops, and the stage that it belongs to."""

    stage: Stage
    rule: Rule

    @property
    def number(self) -> NumberRule | None:
        """The rule when it compares a number that is written beside the documents."""
        is_written = isinstance(self.rule, NumberRule) and not self.rule.number.startswith("_")
        return self.rule if isinstance(self.rule, NumberRule) and is_written else None

    def stops(self, values: Floats, threshold: float) -> Bools:
        """Which values it stops with this threshold; a missing one passes."""
        rule = self.number
        if rule is None:
            return np.zeros(len(values), np.bool_)
        if rule.is_dropped(rule.threshold):
            return values >= threshold if rule.is_dropped(math.inf) else values <= threshold
        return values > threshold if rule.is_dropped(math.inf) else values < threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Documents of one fate.

    Attributes:
        numbers: int64[n], their places in the order of reading.
        priorities: uint64[n], drawn from their ids and the seed: the smallest of a part are a random sample of it.
        first: int64[n], the place of the filter that stopped each first; -1 where it is kept.
        stops: bool[n, n_filters], which filters stop it.
        values: float64[n, n_filters], the numbers that they compare; not a number where there is none.
        distances: float64[n, n_filters], how far these lie from the thresholds.
    """

    numbers: Ints
    priorities: NDArray[np.uint64]
    first: Ints
    stops: Bools
    values: Floats
    distances: Floats


class _Stopped(msgspec.Struct, frozen=True):
    stage: str
    rule: str
    action: Action


_STOPS = msgspec.json.Decoder(list[_Stopped])


def sieves_of(stages: Sequence[Stage]) -> list[Sieve]:
    """The rules that drop documents, in order; those of a stage that stands twice are told apart by nothing."""
    found: dict[tuple[str, str], Sieve] = {}
    for stage in stages:
        for rule in stage.rules():
            if not (isinstance(rule, Present) and rule.action == "fail"):
                found.setdefault((stage.name, rule.name), Sieve(stage, rule))
    return list(found.values())


def read_rows(out: Path, sieves: Sequence[Sieve], *, seed: int) -> Iterator[Rows]:
    """The kept documents, then the dropped ones.

    Raises:
        Conflict: a document was dropped by a rule that there is not.
        NotFound: `out` is not the folder of a finished run.
    """
    known = kept_kinds([sieve.stage for sieve in sieves])
    needed = {sieve.number.number for sieve in sieves if sieve.number is not None} & set(known)
    for kind, more in ((KEPT, ()), (DROPPED, ("stops",))):
        for batch in read_parquet(parts_of(out, kind), columns=["id", ORDER, *more, *sorted(needed)]):
            yield rows_of(batch, sieves, seed=seed)


def read_numbered(out: Path, numbers: frozenset[int]) -> Iterator[Batch]:
    """The documents at these places in the order of reading, with all their columns."""
    for kind in (KEPT, DROPPED):
        for batch in read_parquet(parts_of(out, kind)):
            places = [row for row, number in enumerate(batch.column(ORDER).to_pylist()) if number in numbers]
            if places:
                yield take_rows(batch, places)


def originals_of(batch: Batch) -> Iterator[str]:
    """The ids of the kept documents that those of a batch of dropped ones repeat."""
    if "evidence" in names_of(batch):
        for said in batch.column("evidence").to_pylist():
            original = msgspec.json.decode(said, type=dict[str, object]).get("kept")
            if isinstance(original, str):
                yield original


def read_texts(out: Path, ids: frozenset[str]) -> dict[str, str]:
    """The texts of kept documents with these ids."""
    found: dict[str, str] = {}
    for batch in read_parquet(parts_of(out, KEPT), columns=["id", "text"]) if ids else ():
        known: list[str] = batch.column("id").to_pylist()
        if not ids.isdisjoint(known):
            texts: list[str] = batch.column("text").to_pylist()
            found |= {name: text for name, text in zip(known, texts, strict=True) if name in ids}
    return found


def rows_of(batch: Batch, sieves: Sequence[Sieve], *, seed: int) -> Rows:
    """The verdicts and scores of the documents of a batch, all kept or all dropped."""
    present, n = set(names_of(batch)), batch.num_rows
    stops = np.zeros((n, len(sieves)), np.bool_)
    first = np.full(n, -1, np.int64)
    if "stops" in present:
        places = {(sieve.stage.name, sieve.rule.name): place for place, sieve in enumerate(sieves)}
        for row, said in enumerate(batch.column("stops").to_pylist()):
            found = [places.get((stop.stage, stop.rule)) for stop in _STOPS.decode(said) if stop.action == "drop"]
            if None in found:
                raise Conflict("the rules of recipe.yaml are not those of the run.", hint="Run the recipe again.")
            known = [place for place in found if place is not None]
            first[row] = known[0]
            stops[row, known] = True
    values, distances = np.full((n, len(sieves)), np.nan), np.full((n, len(sieves)), np.nan)
    for place, sieve in enumerate(sieves):
        if sieve.number is not None and sieve.number.number in present:
            said = batch.column(sieve.number.number).to_pylist()
            values[:, place] = [math.nan if value is None else float(value) for value in said]
            distances[:, place] = np.abs(values[:, place] - sieve.number.threshold)
    ids: list[str] = batch.column("id").to_pylist()
    return Rows(
        numbers=np.array(batch.column(ORDER).to_pylist(), np.int64),
        priorities=np.array([xxhash.xxh3_64_intdigest(each.encode(), seed) for each in ids], np.uint64),
        first=first,
        stops=stops,
        values=values,
        distances=distances,
    )
