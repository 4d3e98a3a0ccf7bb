"""The one way from a command to a vault: through the server of the home, or by opening the home itself."""

from collections.abc import Generator
from contextlib import contextmanager

from goldsmith.cli.local import local_client, opened_home
from goldsmith.cli.operator import read_operator_file
from goldsmith.cli.options import Where
from goldsmith.errors import HomeInUse, NotFound
from goldsmith.sdk import Client
from goldsmith.store.homes import Owner, owner_of


@contextmanager
def connected(where: Where, *, runs_jobs: bool = False) -> Generator[Client]:
    """A client with the rights of the vault's owner, until the end of the block.

    Args:
        where: the home and the vault.
        runs_jobs: whether the command waits for jobs, so that somebody has to run them.

    Raises:
        HomeInUse: another process owns the home and serves nobody.
        NotFound: there is no home, or no such vault in it.
    """
    owner = owner_of(where.home)
    if owner is not None:
        with _served_client(where, owner) as client:
            yield client
        return
    if not (where.home / "home.json").is_file():
        raise NotFound(
            f"There is no home at {where.home}.", hint="Make one with `goldsmith serve`, or name yours with --home."
        )
    with opened_home(where) as home, local_client(home, where, runs_jobs=runs_jobs) as client:
        yield client


def _served_client(where: Where, owner: Owner) -> Client:
    known = read_operator_file(where.home)
    if owner.url is None or known is None or known.url != owner.url:
        raise HomeInUse(
            f"The home {where.home} is in use by process {owner.pid}, which does not serve it.",
            hint="Wait until it has ended.",
        )
    if where.vault not in known.tokens:
        raise NotFound(f"The home {where.home} has no vault {where.vault!r}.", hint=f"It has: {list(known.tokens)}.")
    return Client(known.url, known.tokens[where.vault])
