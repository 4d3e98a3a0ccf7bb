"""The job that changes many items at once, some hundred a transaction, so that nobody waits behind it."""

from functools import partial
from typing import Any

import msgspec

from goldsmith.labeling.flows import bulk
from goldsmith.labeling.items_wire import NewBulk, Selection
from goldsmith.labeling.store import bulk as store
from goldsmith.worker.contexts import JobContext


def change_items(context: JobContext, project: str, bulk_id: str, selection: dict[str, Any]) -> dict[str, Any]:
    """Carry out a bulk action; how many items it changed. Begun again it leaves alone what it has changed."""
    bench = context.bench
    with bench.vault.database.read() as connection:
        loaded = bench.project(connection, project)
        row = store.bulk(connection, loaded.id, bulk_id)
    parameters = bulk.parameters_of(row)
    new = msgspec.convert(
        {"kind": row["kind"], "selection": msgspec.convert(selection, Selection), **parameters}, NewBulk
    )
    after, n_done = -1, 0
    while True:
        with bench.vault.database.read() as connection:
            found = bulk.selected(connection, loaded, new, after=after, limit=bulk.CHUNK)
        if not found.item_ids:
            break
        work = partial(
            bulk.change, project=loaded, new=new, bulk_id=bulk_id, item_ids=found.item_ids, actor=context.actor
        )
        bench.vault.database.write(work)
        after, n_done = found.last_position, n_done + len(found.item_ids)
        context.report(n_done, None, f"{n_done:,} items")
    bench.restart_queue(loaded.id)
    with bench.vault.database.read() as connection:
        done = store.bulk(connection, loaded.id, bulk_id)
    return {"bulk": bulk_id, "n_changed": done["n_changed"], "n_unchanged": done["n_unchanged"]}
