"""Who calls, and a short memory of it, so that most requests ask no database who they are from."""

from collections.abc import Mapping
from dataclasses import dataclass

from goldsmith.kit.clock import SECOND
from goldsmith.people.model import Identity
from goldsmith.store.homes import Vault
from goldsmith.trust.authorize import Role
from goldsmith.trust.tokens import TokenKind

REMEMBERED = 30 * SECOND
_MOST_CALLERS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A caller inside one vault.

    Attributes:
        actor: the caller's pseudonym in this vault: the only name that the vault may keep.
        person_id: the caller in the directory; never written into a vault.
        skills: what the caller is able to do here, as tags that items may ask for.
    """

    vault: Vault
    role: Role
    actor: str
    person_id: str
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who is signed in, and the vaults that their session or token opens."""

    identity: Identity
    accesses: Mapping[str, Access]

    @property
    def person_id(self) -> str:
        """The person in the directory."""
        return self.identity.person_id

    @property
    def has_session(self) -> bool:
        """Whether the caller signed in, rather than sent an API token."""
        return self.identity.kind is TokenKind.SESSION


class CallerMemory:
    """Callers by the hash of what they showed, each for at most 30 seconds.

    Whoever revokes a credential or changes a role calls `forget…` after the change is committed. The round tells a
    reader that began before that its answer may be old and must not be kept.
    """

    __slots__ = ("_known", "round")

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Caller]] = {}
        self.round = 0

    def recall(self, credential: str, now: int) -> Caller | None:
        """The caller, if they were resolved a moment ago."""
        found = self._known.get(credential)
        if found is None or found[0] <= now:
            return None
        return found[1]

    def remember(self, caller: Caller, *, now: int, begun_in: int) -> None:
        """Keep a caller who was looked up in round `begun_in`."""
        if begun_in != self.round:
            return
        if len(self._known) >= _MOST_CALLERS:
            self._known.clear()
        until = min(now + REMEMBERED, caller.identity.expires_at)
        self._known[caller.identity.credential] = (until, caller)

    def forget(self, credential: str) -> None:
        """Forget whom one credential stands for."""
        self.round += 1
        self._known.pop(credential, None)

    def forget_person(self, person_id: str) -> None:
        """Forget all credentials of a person."""
        self.round += 1
        self._known = {key: kept for key, kept in self._known.items() if kept[1].person_id != person_id}
