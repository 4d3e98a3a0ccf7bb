"""The operator's way in: whoever can read a home's files may do what its owners may, through the same doors."""

import threading
from collections.abc import Mapping
from functools import partial
from types import TracebackType

from goldsmith.cli.operator_file import FILE, OperatorFile, read_operator_file, write_operator_file
from goldsmith.errors import Unauthenticated
from goldsmith.kit.clock import DAY
from goldsmith.people.flows.members import OPERATOR
from goldsmith.people.flows.sign_in import identify, make_link, sign_in_by_link, sign_out
from goldsmith.people.model import Lifetimes
from goldsmith.people.store import people
from goldsmith.store.homes import Home
from goldsmith.store.units import UnitOfWork
from goldsmith.trust.tokens import hash_token

_LIFETIMES = Lifetimes(idle=3650 * DAY, session=3650 * DAY)  # they are ended, not left to expire
_LOOK_S = 2.0


class OperatorSessions:
    """A session of the owner of each vault, for as long as this object is open."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.tokens: dict[str, str] = {}

    def __enter__(self) -> "OperatorSessions":
        self.renew()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end_sessions(self._home, self.tokens)

    def renew(self) -> bool:
        """Open the sessions that are missing or were ended, as a change of password does; whether there were any."""
        lost = [slug for slug in self._home.vault_slugs() if not self._is_live(slug)]
        made: list[str] = []
        for slug in lost:
            token = self._home.directory.database.write(partial(_open_session, slug=slug))
            if token is not None:
                self.tokens[slug] = token
                made.append(slug)
        return bool(made)

    def _is_live(self, slug: str) -> bool:
        token = self.tokens.get(slug)
        if token is None:
            return False
        with self._home.directory.database.read() as connection:
            try:
                return bool(identify(connection, token, self._home.clock.now(), _LIFETIMES).engagements)
            except Unauthenticated:
                return False


class OperatorDoor:
    """Keeps `operator.json` in the home while a server runs, and removes it afterwards."""

    def __init__(self, home: Home) -> None:
        """Prepare; what a killed server left is ended."""
        self._home = home
        self._path = home.path / FILE
        self._sessions = OperatorSessions(home)
        self._url = ""
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="goldsmith-operator", daemon=True)
        left = read_operator_file(home.path)
        if left is not None:
            end_sessions(home, left.tokens)
            self._path.unlink()

    def __enter__(self) -> "OperatorDoor":
        self._sessions.renew()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._path.unlink(missing_ok=True)
        self._sessions.__exit__(kind, error, trace)

    def open_at(self, url: str) -> None:
        """Write the file: the server answers at `url`."""
        self._url = url
        self._write()
        self._thread.start()

    def _watch(self) -> None:
        while not self._is_closing.wait(_LOOK_S):
            if self._sessions.renew():
                self._write()

    def _write(self) -> None:
        write_operator_file(self._home.path, OperatorFile(url=self._url, tokens=self._sessions.tokens))


def end_sessions(home: Home, tokens: Mapping[str, str]) -> None:
    """End sessions; those that have ended before stay so."""
    for token in tokens.values():
        home.directory.database.write(partial(sign_out, token_hash=hash_token(token)))


def _open_session(unit: UnitOfWork, slug: str) -> str | None:
    """A session of a vault's first owner, for that vault alone; None when it has no owner."""
    client = people.find_client(unit.connection, slug)
    owner = None if client is None else people.first_owner(unit.connection, client.id)
    if client is None or owner is None:
        return None
    link = make_link(unit, owner, actor=OPERATOR, client_id=client.id, lifetimes=_LIFETIMES)
    return sign_in_by_link(unit, link, _LIFETIMES).token
