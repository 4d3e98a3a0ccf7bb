"""The drawings of the report: plain SVG with direct labels, zero baselines and the numbers in words beside them."""

import math
from collections.abc import Iterator, Sequence

from goldsmith.kit.markup import Element, e
from goldsmith.refine.reports import Histogram
from goldsmith.refine.rules import as_words

WIDTH, HEIGHT = 760, 196
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 30, 26


def share_bar(parts: Sequence[tuple[str, int, str]]) -> Element:
    """One bar cut into parts, each with its words, number and colour class."""
    total = max(1, sum(n for _, n, _ in parts))
    return e(
        "div",
        [e("span", class_=f"part {colour}", style=f"flex-grow:{n / total:.6f}") for _, n, colour in parts if n],
        class_="share",
        role="img",
        aria_label=", ".join(f"{n:,} {words}" for words, n, _ in parts),
    )


def bar(n: int, total: int, colour: str) -> Element:
    """A bar that is as long as `n` is of `total`."""
    width = 100 * n / total if total else 0
    return e("span", class_=f"bar {colour}", style=f"width:{width:.3f}%")


def histogram(chart: Histogram) -> Element:
    """How many documents had which number, with the threshold drawn in."""
    top = max([1, *chart.counts])
    axis = _Axis(chart)
    x_threshold = axis.place(chart.threshold)
    summary = (
        f"{chart.n:,} documents by {chart.label}. The threshold is {as_words(chart.threshold)}; "
        f"{chart.n_dropped:,} lie {chart.side} it and were dropped."
    )
    return e(
        "svg",
        e("title", summary),
        _grid(top),
        list(_bars(chart, axis, top)),
        e("line", x1=LEFT, x2=WIDTH - RIGHT, y1=HEIGHT - BOTTOM, y2=HEIGHT - BOTTOM, class_="axis"),
        list(_ticks(axis)),
        _threshold(chart, x_threshold),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        class_="chart",
    )


class _Axis:
    """Places numbers from left to right, on a linear or logarithmic scale."""

    __slots__ = ("_high", "_is_logarithmic", "_least", "_low", "high", "low")

    def __init__(self, chart: Histogram) -> None:
        self._is_logarithmic = chart.is_logarithmic
        self.low, self.high = chart.edges[0], chart.edges[-1]
        second, third = chart.edges[1], chart.edges[min(2, len(chart.edges) - 1)]
        self._least = self.low or second * second / third  # on a logarithmic axis zero is one bin below the first edge
        self._low, self._high = self._scaled(self.low), self._scaled(self.high)

    def place(self, value: float) -> float:
        share = (self._scaled(value) - self._low) / max(1e-12, self._high - self._low)
        return LEFT + (WIDTH - LEFT - RIGHT) * min(1.0, max(0.0, share))

    def ticks(self) -> list[float]:
        if not self._is_logarithmic:
            return [self.low + (self.high - self.low) * step / 5 for step in range(6)]
        first, last = math.ceil(math.log10(self._least) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        zero = [0.0] if self.low == 0 and self.place(10.0**first) > LEFT + 24 else []
        return [*zero, *(10.0**power for power in range(first, last + 1))]

    def _scaled(self, value: float) -> float:
        return math.log10(max(self._least, value)) if self._is_logarithmic else value


def _bars(chart: Histogram, axis: _Axis, top: int) -> Iterator[Element]:
    height = HEIGHT - TOP - BOTTOM
    for low, high, n in zip(chart.edges, chart.edges[1:], chart.counts, strict=False):
        if n == 0:
            continue
        pieces = [(low, high)]
        if low < chart.threshold < high:
            pieces = [(low, chart.threshold), (chart.threshold, high)]
        size = max(1.5, height * n / top)
        for start, end in pieces:
            is_dropped = end > chart.threshold if chart.side == "above" else start < chart.threshold
            left, right = axis.place(start), axis.place(end)
            yield e(
                "rect",
                e("title", f"{as_words(round(low, 3))} to {as_words(round(high, 3))}: {n:,} documents"),
                x=left + 0.5,
                y=HEIGHT - BOTTOM - size,
                width=max(0.5, right - left - 1),
                height=size,
                class_="dropped" if is_dropped else "kept",
            )


def _grid(top: int) -> list[Element]:
    height = HEIGHT - TOP - BOTTOM
    lines: list[Element] = []
    for share in (0.5, 1.0):
        y = HEIGHT - BOTTOM - height * share
        lines.append(e("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid"))
        if share == 1.0 or top > 1:
            lines.append(e("text", f"{round(top * share):,}", x=LEFT - 6, y=y + 4, class_="label end"))
    return lines


def _ticks(axis: _Axis) -> Iterator[Element]:
    for value in axis.ticks():
        x = axis.place(value)
        yield e("line", x1=x, x2=x, y1=HEIGHT - BOTTOM, y2=HEIGHT - BOTTOM + 4, class_="axis")
        yield e(
            "text", f"{value:,.0f}" if value >= 1 else f"{value:g}", x=x, y=HEIGHT - BOTTOM + 17, class_="label middle"
        )


def _threshold(chart: Histogram, x: float) -> list[Element]:
    is_right = x > (LEFT + WIDTH - RIGHT) / 2
    word = "dropped from" if chart.drops_threshold else "at most" if chart.side == "above" else "at least"
    return [
        e("line", x1=x, x2=x, y1=TOP - 14, y2=HEIGHT - BOTTOM, class_="threshold"),
        e(
            "text",
            f"{word} {as_words(chart.threshold)}",
            x=x + (-6 if is_right else 6),
            y=TOP - 6,
            class_="label strong " + ("end" if is_right else "start"),
        ),
    ]
