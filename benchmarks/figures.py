"""What is measured of one server, and how the figures are laid side by side."""

from collections.abc import Iterable, Sequence

import msgspec

from benchmarks.processes import Memory


class CycleFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Closed-loop lease + submit cycles with some clients; times in milliseconds, processor time for each cycle."""

    n_clients: int
    seconds: float
    n_cycles: int
    cycles_per_s: float
    lease_p50_ms: float
    lease_p99_ms: float
    submit_p50_ms: float
    submit_p99_ms: float
    cycle_p50_ms: float
    cycle_p99_ms: float
    n_given_twice: int
    errors: list[str]
    server_cpu_ms: float
    database_cpu_ms: float | None
    client_cpu_share: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Everything measured of one server."""

    peer: str
    version: str
    store: str
    n_items: int
    start_s: float
    import_s: float
    cycles: list[CycleFigures]
    page_rows: int
    page_bytes: int
    page_calls: int
    page_p50_ms: float
    page_p95_ms: float
    export_s: float
    export_bytes: int
    memory_started: Memory | None
    memory_imported: Memory | None
    memory_ended: Memory | None
    peak_import_mib: float
    peak_cycles_mib: float
    peak_export_mib: float
    notes: tuple[str, ...]


def quantile_ms(seconds: Sequence[float], share: float) -> float:
    """The smallest measured time that at least `share` of the times do not exceed, in milliseconds; 0 for none."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) if ordered else 0.0


def table(columns: Sequence[Figures]) -> str:
    """The figures as a Markdown table, one column a server."""
    rows = [["", *(f"{c.peer} {c.version} ({c.store})" for c in columns)], ["---"] * (len(columns) + 1)]
    rows += _row("start, first time", (f"{c.start_s:.1f} s" for c in columns))
    rows += _row(f"import of {columns[0].n_items:,} texts", (f"{c.import_s:.2f} s" for c in columns))
    for index, measured in enumerate(columns[0].cycles):
        rows += _cycle_rows(measured.n_clients, [column.cycles[index] for column in columns])
    rows += _row("first page of the list, calls", (f"{c.page_calls}, {c.page_rows} rows" for c in columns))
    rows += _row(
        "first page of the list, p50 / p95", (f"{c.page_p50_ms:.1f} / {c.page_p95_ms:.1f} ms" for c in columns)
    )
    rows += _row("JSON export", (f"{c.export_s:.2f} s, {c.export_bytes / 1e6:.1f} MB" for c in columns))
    rows += _row("memory at the end (PSS)", (_pss(c.memory_ended) for c in columns))
    peaks = "peak memory (PSS): import / cycles / export"
    rows += _row(
        peaks, (f"{c.peak_import_mib:.0f} / {c.peak_cycles_mib:.0f} / {c.peak_export_mib:.0f} MiB" for c in columns)
    )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cycle_rows(n_clients: int, columns: Sequence[CycleFigures]) -> list[list[str]]:
    who = f"{n_clients} client" + ("s" if n_clients > 1 else "")
    rows = _row(f"cycles/s, {who}", (f"{c.cycles_per_s:,.1f}" for c in columns))
    rows += _row(f"cycle p50 / p99, {who}", (f"{c.cycle_p50_ms:.1f} / {c.cycle_p99_ms:.1f} ms" for c in columns))
    rows += _row(f"CPU for a cycle, {who}: server + database", (_cpu(c) for c in columns))
    return rows + _row(f"given twice / errors, {who}", (f"{c.n_given_twice} / {len(c.errors)}" for c in columns))


def _row(title: str, cells: Iterable[str]) -> list[list[str]]:
    return [[title, *cells]]


def _cpu(figures: CycleFigures) -> str:
    database = "" if figures.database_cpu_ms is None else f" + {figures.database_cpu_ms:.2f}"
    return f"{figures.server_cpu_ms:.2f}{database} ms"


def _pss(memory: Memory | None) -> str:
    if memory is None:
        return "not known here"
    plural = "es" if memory.n_processes > 1 else ""
    return f"{memory.pss_mib:.0f} MiB, {memory.n_processes} process{plural}"
