"""What `goldsmith route` prints and writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from goldsmith.cli.files import written_whole
from goldsmith.cli.messages import counted, one_line, printable, say
from goldsmith.errors import InputError
from goldsmith.quality.calibration import UNKNOWN
from goldsmith.quality.routing import STATES, Forecast, LiveConsensus, Routes, TaskState

# Any: facts are JSON.

FORMATS = ".csv, .jsonl or .parquet"
_N_SHOWN = 10
_LEAST_PRICE = Decimal("0.000001")
_WHY = {
    TaskState.NEEDS_START: "lack their first answers",
    TaskState.WANTED: "want another answer",
    TaskState.CERTAIN: "are certain",
    TaskState.CONTESTED: "are contested: more answers change nothing; ask an expert",
    TaskState.CAPPED: "are unsure after as many answers as a task gets; ask an expert",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """Budgets as they were given, and what they are in answers.

    Attributes:
        amounts: each budget, in money or, without a price, in answers.
        price: what an answer costs; None when budgets are answers.
        currency: of the price.
    """

    amounts: tuple[Decimal, ...]
    price: Decimal | None
    currency: str

    def n_answers(self, found: Routes) -> list[int]:
        """What each budget buys; without a budget, all that the tasks could take."""
        if not self.amounts:
            return [int(found.wanted.sum())]
        return [int(amount // (self.price or 1)) for amount in self.amounts]

    def of(self, place: int) -> str:
        """What the budget at this place is called."""
        if not self.amounts:
            return "next round"
        amount = f"{self.amounts[place]:,f}"
        return f"{amount} {self.currency}" if self.price is not None else f"{amount} answers"


def purse_of(budgets: Sequence[str], *, price: str | None, currency: str) -> Purse:
    """The budgets that texts name.

    Raises:
        InputError: a budget or the price is no amount, or a budget of answers is no whole number.
    """
    each = None if price is None else _amount("--price", price)
    if each is not None and each < _LEAST_PRICE:
        raise InputError(f"--price is {price}; give what an answer costs, at least a millionth, or no price.")
    amounts = tuple(_amount("--budget", text) for text in budgets)
    broken = [amount for amount in amounts if each is None and amount % 1]
    if broken:
        raise InputError(f"--budget is {broken[0]} answers; give a whole number, or --price for a budget in money.")
    return Purse(amounts=amounts, price=each, currency=currency)


def _amount(option: str, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise InputError(f"{option} is {text!r}; give an amount such as 0.05 or 500.") from None
    if not amount.is_finite() or not 0 <= amount <= 10**12:
        raise InputError(f"{option} is {text!r}; give an amount from 0 to a million million.")
    return amount


def write_queue(path: Path, live: LiveConsensus, found: Routes) -> None:
    """Write the tasks that want answers, in the order in which they should get them, whole or not at all.

    Raises:
        InputError: the file's name ends in no format that is written.
    """
    frame = pl.DataFrame(
        list(_queued(live, found, len(found.queue))),
        schema={
            "task": pl.String,
            "state": pl.String,
            "wanted": pl.Int64,
            "priority": pl.Float64,
            "label": pl.String,
            "confidence": pl.Float64,
            "n_answers": pl.Int64,
        },
    )
    buffer = BytesIO()
    match path.suffix.lower():
        case ".csv":
            frame.write_csv(buffer)
        case ".jsonl":
            frame.write_ndjson(buffer)
        case ".parquet":
            frame.write_parquet(buffer)
        case _:
            raise InputError(f"{path.name}: a queue is written as {FORMATS}; end the file's name in one of these.")
    _ = written_whole(path, [buffer.getvalue()])


def facts_of(live: LiveConsensus, found: Routes, forecasts: Sequence[Forecast], purse: Purse) -> dict[str, Any]:
    """What was found, as JSON."""
    today, *later = forecasts
    return {
        "tasks": len(found.tasks),
        "votes": live.votes.n_votes,
        "calibrated_on": _n_gold(live),
        "states": {state.value: found.count(state) for state in STATES},
        "wanted": int(found.wanted.sum()),
        "batch": found.batch,
        "queue": list(_queued(live, found, found.batch)),
        "plan": [
            {"budget": "today", **_forecast(today)},
            *({"budget": purse.of(place), **_forecast(one)} for place, one in enumerate(later)),
        ],
    }


def tell_routes(live: LiveConsensus, found: Routes, forecasts: Sequence[Forecast], purse: Purse) -> None:
    """Print what was found."""
    say(f"  {counted(len(found.tasks), 'task')}, {counted(live.votes.n_votes, 'vote')}")
    for state in STATES:
        say(f"  {found.count(state):>8,}  {_WHY[state]}")
    shown = list(_queued(live, found, min(found.batch, _N_SHOWN)))
    if shown:
        say(f"\n  next of {counted(found.batch, 'task')} to hand out before the next look:")
    for one in shown:
        label = "no answer yet" if one["label"] is None else f"{one['label']} at {one['confidence']:.0%}"
        said = f"{one['n_answers']} so far, {label}"
        say(printable(f"  {one_line(one['task'], 40):<40}  {said}"))
    today, *later = forecasts
    say(f"\n  {'today':<16}{_in_words(today)}")
    for place, one in enumerate(later):
        unused = f"; {one.n_used:,} used" if one.n_used < one.n_answers else ""
        say(printable(f"  {purse.of(place):<16}{_in_words(one)}, {counted(one.n_answers, 'answer')}{unused}"))
    if not _n_gold(live):
        say("  expected from what is usual for such votes; --gold with 50 known labels makes it much narrower")


def _queued(live: LiveConsensus, found: Routes, n: int) -> Sequence[dict[str, Any]]:
    calibrated, counts = live.calibrated_, live.n_answers_
    best = calibrated.argmax(axis=1)
    rows: list[dict[str, Any]] = []
    for place in found.queue[:n].tolist():
        has_votes = place < live.votes.n_tasks
        rows.append(
            {
                "task": found.tasks[place],
                "state": found.state_of(place).value,
                "wanted": int(found.wanted[place]),
                "priority": round(float(found.priority[place]), 6),
                "label": live.votes.classes[best[place]] if has_votes else None,
                "confidence": round(float(calibrated[place, best[place]]), 6) if has_votes else None,
                "n_answers": int(counts[place]) if has_votes else 0,
            }
        )
    return rows


def _n_gold(live: LiveConsensus) -> int:
    return int((live.known() != UNKNOWN).sum())


def _forecast(one: Forecast) -> dict[str, Any]:
    return {
        "answers": one.n_answers,
        "used": one.n_used,
        "accuracy": round(one.accuracy, 6),
        "low": round(one.low, 6),
        "high": round(one.high, 6),
    }


def _in_words(one: Forecast) -> str:
    return f"{100 * one.accuracy:.1f}% right ({100 * one.low:.1f} to {100 * one.high:.1f})"
