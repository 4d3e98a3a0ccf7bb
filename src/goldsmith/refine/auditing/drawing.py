"""Draws the documents of an audit: more where a filter's verdict is in doubt, and with known chances everywhere."""

import heapq
from collections.abc import Iterable, Sequence
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xxhash

from goldsmith import __version__
from goldsmith.errors import InputError
from goldsmith.kit.columns import Batch
from goldsmith.kit.digest import sha256_hex
from goldsmith.refine.auditing.model import Audit, Domain, Drawn, Filter, Kind, Stratum
from goldsmith.refine.auditing.reservoirs import Reservoir
from goldsmith.refine.auditing.rows import (
    Bools,
    Ints,
    Rows,
    Sieve,
    originals_of,
    read_numbered,
    read_rows,
    read_texts,
    rows_of,
    sieves_of,
)
from goldsmith.refine.auditing.surveys import Survey, survey
from goldsmith.refine.outputs import RECIPE, REPORT_JSON, parts_of
from goldsmith.refine.recipe import Recipe, load_recipe

KEPT_SHARE = 0.3
"""Share of the documents that are drawn from those kept far from every threshold, most of a corpus."""

_MIN_DRAWN = 2
_KINDS: tuple[Kind, ...] = ("kept-near", "dropped", "dropped-near")


class Draw(NamedTuple):
    """An audit as it begins, and the documents that were drawn, in the order of its `drawn`.

    Attributes:
        sieves: the rules of its filters, in their order.
        documents: batches with all columns, each of one document.
        originals: the texts of kept documents, by id, that drawn ones repeat.
    """

    audit: Audit
    sieves: list[Sieve]
    documents: list[Batch]
    originals: dict[str, str]


class _Wanted(NamedTuple):
    """What a domain asks of a document: that a filter stops it, as it is or with another threshold."""

    filter: int
    threshold: float | None


def read_recipe_of(out: Path) -> Recipe:
    """The recipe of the run in the folder `out`.

    Raises:
        NotFound: it is not the folder of a finished run.
    """
    _ = parts_of(out, "kept")
    return load_recipe((out / RECIPE).read_text(encoding="utf-8"), origin=str(out / RECIPE))


def draw(out: Path, *, n: int, seed: int, is_blind: bool = False) -> Draw:
    """Draw documents of a finished run, so that its filters can be measured. The same seed draws the same documents.

    Every document of a stratum has the same chance. The strata are: for each filter that drops, the documents that it
    dropped first, those nearest to its threshold apart from the others, and the kept documents nearest to its
    threshold; and all other kept documents. Documents that failed are left out: nobody can read them.

    Args:
        out: the folder of the run.
        n: documents to draw, fewer when there are not as many.
        seed: another one draws others.
        is_blind: whether the verdict is hidden from those who answer.

    Raises:
        InputError: `n` is too small to draw from every stratum, or no rule of the recipe drops documents.
        NotFound: `out` is not the folder of a finished run.
    """
    recipe = read_recipe_of(out)
    sieves = sieves_of(recipe.stages)
    if not sieves:
        raise InputError("no rule of this recipe drops documents, so there is nothing to measure.")
    seen = survey(read_rows(out, sieves, seed=seed), sieves)
    domains = [
        _Wanted(place, threshold) for place in range(len(sieves)) for threshold in (None, *seen.thresholds[place])
    ]
    counts = _Counts(seen, sieves, domains, n)
    for rows in read_rows(out, sieves, seed=seed):
        counts.add(rows)
    strata, numbers = counts.drawn(n)
    chosen = _Chosen(counts, sieves, seed)
    for batch in read_numbered(out, frozenset(numbers)):
        chosen.add(batch)
    return Draw(
        Audit(
            goldsmith=__version__,
            recipe_sha256=recipe.sha256,
            report_sha256=sha256_hex((out / REPORT_JSON).read_bytes()),
            seed=seed,
            is_blind=is_blind,
            n_kept=counts.n_kept,
            n_dropped=int(counts.n_of.sum()) - counts.n_kept,
            filters=tuple(_filter(sieve, place, counts) for place, sieve in enumerate(sieves)),
            strata=strata,
            domains=counts.domains(),
            drawn=tuple(chosen.drawn),
        ),
        sieves,
        chosen.documents,
        read_texts(out, frozenset(original for batch in chosen.documents for original in originals_of(batch))),
    )


class _Counts:
    """Counts the documents of every stratum and domain, and keeps a random sample of every stratum."""

    def __init__(self, seen: Survey, sieves: Sequence[Sieve], wanted: Sequence[_Wanted], n: int) -> None:
        self.seen, self.sieves, self.wanted = seen, sieves, wanted
        n_strata = 3 * len(sieves) + 1
        self.n_of = np.zeros(n_strata, np.int64)
        self.n_in = np.zeros((len(wanted), n_strata), np.int64)
        self._samples = [Reservoir(n) for _ in range(n_strata)]

    def add(self, rows: Rows) -> None:
        """See more documents."""
        strata = self.seen.strata_of(rows)
        self.n_of += np.bincount(strata, minlength=len(self.n_of))
        for place, mask in enumerate(self.masks(rows)):
            self.n_in[place] += np.bincount(strata[mask], minlength=len(self.n_of))
        present: list[int] = np.unique(strata).tolist()
        for stratum in present:
            there = strata == stratum
            self._samples[stratum].add(rows.priorities[there], rows.numbers[there, np.newaxis].astype(np.float64))

    def masks(self, rows: Rows) -> Iterable[Bools]:
        """For each domain, which documents lie in it."""
        for place, threshold in self.wanted:
            if threshold is None:
                yield rows.stops[:, place]
            else:
                yield self.sieves[place].stops(rows.values[:, place], threshold)

    @property
    def n_kept(self) -> int:
        """Kept documents."""
        return int(self.n_of[: 1 + len(self.sieves)].sum())

    @property
    def places(self) -> Ints:
        """The strata that hold documents."""
        return np.flatnonzero(self.n_of)

    def drawn(self, n: int) -> tuple[tuple[Stratum, ...], list[int]]:
        """The strata with how many documents are drawn from each, and the numbers of these documents."""
        places: list[int] = self.places.tolist()
        sizes = allotted([int(self.n_of[place]) for place in places], n, has_rest=places[:1] == [0])
        numbers = [
            int(number)
            for place, size in zip(places, sizes, strict=True)
            for number in self._samples[place].rows()[:size, 0].tolist()
        ]
        return tuple(self._stratum(place, size) for place, size in zip(places, sizes, strict=True)), numbers

    def domains(self) -> tuple[Domain, ...]:
        """What each filter stops, counted by stratum."""
        return tuple(
            Domain(
                filter=wanted.filter,
                threshold=wanted.threshold,
                populations=tuple(self.n_in[place, self.places].tolist()),
            )
            for place, wanted in enumerate(self.wanted)
        )

    def _stratum(self, place: int, size: int) -> Stratum:
        kind, sieve = divmod(place - 1, len(self.sieves))
        n_population = int(self.n_of[place])
        if place == 0:
            return Stratum(kind="kept", filter=None, n_population=n_population, n_drawn=size)
        return Stratum(kind=_KINDS[kind], filter=sieve, n_population=n_population, n_drawn=size)


class _Chosen:
    """Collects the documents that were drawn."""

    def __init__(self, counts: _Counts, sieves: Sequence[Sieve], seed: int) -> None:
        self._counts, self._sieves, self._seed = counts, sieves, seed
        self._strata = {place: number for number, place in enumerate(counts.places.tolist())}
        self.drawn: list[Drawn] = []
        self.documents: list[Batch] = []

    def add(self, batch: Batch) -> None:
        rows = rows_of(batch, self._sieves, seed=self._seed)
        strata = self._counts.seen.strata_of(rows).tolist()
        masks = [mask.tolist() for mask in self._counts.masks(rows)]
        ids: list[str] = batch.column("id").to_pylist()
        for row, (document, place) in enumerate(zip(ids, strata, strict=True)):
            asked = None if place == 0 else (place - 1) % len(self._sieves)
            domains = tuple(number for number, mask in enumerate(masks) if mask[row])
            item = f"{xxhash.xxh3_64_intdigest(document.encode(), self._seed ^ 0x5EED):016x}"
            stratum = self._strata[place]
            self.drawn.append(Drawn(item=item, id=document, stratum=stratum, asked=asked, domains=domains))
            self.documents.append(batch.slice(row, 1))


def allotted(sizes: Sequence[int], n: int, *, has_rest: bool) -> list[int]:
    """How many to draw from strata of these sizes, `n` in all or everything there is.

    A stratum counts by the square root of its size (power allocation, Bankier 1988), between what serves each filter
    and what serves the run as a whole; the first gets a share of its own when it is the rest of the corpus.

    Raises:
        InputError: `n` does not reach for two from every stratum.
    """
    least = [min(_MIN_DRAWN, size) for size in sizes]
    if sum(least) > n:
        raise InputError(
            f"{n} documents are too few for {len(sizes)} parts of this run.", hint=f"Draw at least {sum(least)}."
        )
    roots = [0.0 if has_rest and not place else sqrt(size) for place, size in enumerate(sizes)]
    weights = [(1 - KEPT_SHARE) * root / max(1.0, sum(roots)) or KEPT_SHARE for root in roots]
    given = list(least)
    waiting = [
        ((given[place] + 1) / weights[place], place) for place in range(len(sizes)) if given[place] < sizes[place]
    ]
    heapq.heapify(waiting)
    for _ in range(n - sum(least)):
        if not waiting:
            break
        _, place = heapq.heappop(waiting)
        given[place] += 1
        if given[place] < sizes[place]:
            heapq.heappush(waiting, ((given[place] + 1) / weights[place], place))
    return given


def _filter(sieve: Sieve, place: int, counts: _Counts) -> Filter:
    own = next(number for number, wanted in enumerate(counts.wanted) if wanted == _Wanted(place, None))
    return Filter(
        stage=sieve.stage.name,
        rule=sieve.rule.name,
        title=sieve.stage.title,
        threshold=None if sieve.number is None else sieve.number.threshold,
        label="" if sieve.number is None else sieve.number.label,
        n_dropped=int(counts.n_in[own].sum()),
    )
