"""The unit of work: what one act reads and writes, and its leaf in the log, in one transaction."""

import secrets
from typing import NamedTuple

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from goldsmith.errors import StorageError
from goldsmith.kit.clock import Micros
from goldsmith.store.prepared import Prepared
from goldsmith.trust.logs import Act, commitment, leaf_bytes
from goldsmith.trust.merkle import leaf_hash


class Leaf(NamedTuple):
    """Where an act stands in the log."""

    seq: int
    leaf_hash: bytes
    at: Micros


class LogTables:
    """The two log tables of a plane, with their statements built once: every act runs them."""

    __slots__ = ("add_leaves", "lock_head", "move_head")

    def __init__(self, *, leaves: Table, head: Table) -> None:
        self.lock_head = Prepared(select(head.c.size).where(head.c.id == 1).with_for_update())
        self.move_head = Prepared(update(head).where(head.c.id == 1).values(size=bindparam("new_size")))
        self.add_leaves = Prepared(insert(leaves))


class UnitOfWork:
    """One transaction: a connection, the instant it runs at, and the log leaves of its acts.

    The head of the log is read and locked at the first act, so numbers have no gaps and the log has one order.
    """

    __slots__ = ("_log", "_pending", "_size", "connection", "now")

    def __init__(self, connection: Connection, now: Micros, log: LogTables) -> None:
        self.connection = connection
        self.now = now
        self._log = log
        self._size = -1  # unknown until the first act
        self._pending: list[dict[str, object]] = []

    def record(self, *, actor: str, action: str, object_id: str, content: bytes) -> Leaf:
        """Add an act to the log of this transaction.

        Args:
            actor: the pseudonym or name of who acts.
            action: what was done, such as `annotation.submitted`.
            object_id: what it was done to.
            content: the bytes that the leaf commits to, under a fresh salt that can be erased later.
        """
        seq = self._next_seq()
        salt = secrets.token_bytes(32)
        act = Act(actor=actor, action=action, object_id=object_id, commitment=commitment(salt, content))
        hashed = leaf_hash(leaf_bytes(act, seq=seq, at=self.now))
        self._pending.append(
            {
                "seq": seq,
                "created_at": self.now,
                "actor": actor,
                "action": action,
                "object_id": object_id,
                "commitment": act.commitment,
                "salt": salt,
                "leaf_hash": hashed,
            }
        )
        return Leaf(seq, hashed, self.now)

    def flush(self) -> None:
        """Write the leaves of this transaction and move the head."""
        if not self._pending:
            return
        self._log.add_leaves.run_many(self.connection, self._pending)
        self._log.move_head.run(self.connection, {"new_size": self._size})
        self._pending = []

    def _next_seq(self) -> int:
        if self._size < 0:
            head = self._log.lock_head.first(self.connection, {})
            if head is None:
                raise StorageError(
                    "The log of this database has no head: it was not made by Goldsmith. Restore a backup."
                )
            self._size = int(head["size"])
        seq = self._size
        self._size += 1
        return seq
