"""Signed checkpoints of a plane's log: its size and root, extended from the checkpoint before."""

from typing import NamedTuple

from sqlalchemy import insert, select

from goldsmith.store.migrate import Plane
from goldsmith.store.units import UnitOfWork
from goldsmith.trust.keys import SigningKey
from goldsmith.trust.logs import sign_checkpoint
from goldsmith.trust.merkle import Frontier

_CHUNK = 10_000


class Checkpointed(NamedTuple):
    """A checkpoint: the size and root it fixes, and the signed note."""

    size: int
    root: bytes
    note: str


def checkpoint(unit: UnitOfWork, plane: Plane, *, origin: str, key: SigningKey) -> Checkpointed:
    """A signed checkpoint of the log as it stands before this unit of work; the last one when nothing was added."""
    table, leaves = plane.checkpoints, plane.leaves
    last = unit.connection.execute(
        select(table.c.size, table.c.frontier, table.c.note).order_by(table.c.size.desc()).limit(1)
    ).first()
    frontier = Frontier() if last is None else Frontier.from_text(last.frontier)
    size = unit.connection.execute(select(plane.head.c.size).where(plane.head.c.id == 1)).scalar_one()
    if last is not None and last.size == size:
        return Checkpointed(size, frontier.root(), last.note)
    while frontier.size < size:
        hashes = unit.connection.execute(
            select(leaves.c.leaf_hash).where(leaves.c.seq >= frontier.size).order_by(leaves.c.seq).limit(_CHUNK)
        ).scalars()
        frontier = frontier.extended(bytes(one) for one in hashes)
    note = sign_checkpoint(origin, frontier.size, frontier.root(), key)
    unit.connection.execute(
        insert(table).values(size=frontier.size, created_at=unit.now, frontier=frontier.to_text(), note=note)
    )
    return Checkpointed(frontier.size, frontier.root(), note)
