"""Acts that break off between two of their statements, as when the process fails in the middle of a transaction."""

import random
import threading

from sqlalchemy import Engine, event, select

from goldsmith.store import prepared
from goldsmith.store.tables import vault as tables

SHARE, MOST_STATEMENTS = 0.1, 12


class TornError(Exception):
    """Raised in the place of a statement."""


class TornActs:
    """Breaks off some acts of a lab at random; the act is then done again, as a client would send it again."""

    def __init__(self, lab, dice: random.Random, monkeypatch) -> None:
        self._lab, self._dice, self._whole = lab, dice, lab.act
        self._n_left: int | None = None
        self.n_torn = 0
        driver = prepared._driver

        def counted(connection):
            self._count()
            return driver(connection)

        monkeypatch.setattr(prepared, "_driver", counted)
        monkeypatch.setattr(lab, "act", self._act)

    def __enter__(self) -> "TornActs":
        event.listen(Engine, "before_cursor_execute", self._on_statement)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._on_statement)

    def _act(self, flow, *args, **kwargs):
        if self._dice.random() < SHARE:
            before = everything(self._lab)
            self._n_left = self._dice.randrange(MOST_STATEMENTS)
            try:
                return self._whole(flow, *args, **kwargs)
            except TornError:
                self.n_torn += 1
            finally:
                self._n_left = None
            assert everything(self._lab) == before
        return self._whole(flow, *args, **kwargs)

    def _on_statement(self, *_: object) -> None:
        self._count()

    def _count(self) -> None:
        if self._n_left is None or threading.current_thread().name != "goldsmith-writer":
            return
        if self._n_left == 0:
            raise TornError
        self._n_left -= 1


def everything(lab) -> dict[str, list[str]]:
    """Every row of a vault, by table."""
    with lab.vault.database.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in tables.metadata.sorted_tables
        }
