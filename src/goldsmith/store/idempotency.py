"""Requests that make something carry a key of the client's, so that sending one twice makes one thing."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import insert, select

from goldsmith.errors import Conflict, InputError
from goldsmith.store.tables.vault import idempotency_keys
from goldsmith.store.units import UnitOfWork

MAX_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """The key of one request by one actor, and the digest of what it asks for."""

    key: str
    actor: str
    request_sha256: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.key) <= MAX_KEY_LENGTH or not self.key.isascii() or not self.key.isprintable():
            raise InputError(f"Idempotency-Key must have 1 to {MAX_KEY_LENGTH} printable ASCII characters.")


def once(unit: UnitOfWork, request: RequestKey | None, make: Callable[[UnitOfWork], str]) -> str:
    """What `make` gives the first time; what it gave then, each time the same request comes again.

    Raises:
        Conflict: the key came before with another request.
    """
    if request is None:
        return make(unit)
    table = idempotency_keys
    found = unit.connection.execute(
        select(table.c.request_sha256, table.c.response).where(
            table.c.key == request.key, table.c.actor == request.actor
        )
    ).first()
    if found is not None:
        if found.request_sha256 != request.request_sha256:
            raise Conflict("This Idempotency-Key came before with another request.", hint="Use a new key for it.")
        return str(found.response)
    made = make(unit)
    unit.connection.execute(
        insert(table).values(
            key=request.key,
            actor=request.actor,
            created_at=unit.now,
            request_sha256=request.request_sha256,
            response=made,
        )
    )
    return made
