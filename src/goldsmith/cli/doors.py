"""The one way from a command to a vault: through the server of the home, or by opening the home itself."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from goldsmith.cli.lazy import loaded
from goldsmith.cli.messages import one_line
from goldsmith.cli.operator_file import read_operator_file
from goldsmith.cli.options import Where
from goldsmith.errors import HomeInUse, InputError, NotFound
from goldsmith.kit.nearest import nearest
from goldsmith.sdk import Client, Project, Vault
from goldsmith.store.homes import Owner, owner_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A vault that is open to a command, with the rights of its owner.

    Attributes:
        served_at: the address of the server that the command talks to; None when the command opened the home itself.
    """

    client: Client
    vault: Vault
    served_at: str | None

    def project(self, reference: str | None) -> Project:
        """The project that was named, or the only one that there is.

        Raises:
            NotFound: there is no such project.
            InputError: none was named, and there are several.
        """
        slugs = [project.slug for project in self.vault.projects()]
        if reference in slugs:
            return self.vault.project(reference)
        if not slugs:
            raise NotFound("There is no project yet.", hint="Make one with `goldsmith project create`.")
        if reference is not None:
            raise NotFound(f"There is no project {reference!r}; {nearest(reference, slugs)}")
        if len(slugs) > 1:
            raise InputError(f"There are {len(slugs)} projects.", hint=f"Name one: {one_line(', '.join(slugs), 200)}.")
        return self.vault.project(slugs[0])


@contextmanager
def connected(where: Where, *, runs_jobs: bool = False, makes_home: bool = False) -> Generator[Door]:
    """The vault, open until the end of the block.

    Args:
        where: the home and the vault.
        runs_jobs: whether the command waits for jobs, so that somebody has to run them.
        makes_home: whether a home that is not there is made, with its first client and its owner.

    Raises:
        HomeInUse: another process owns the home and serves nobody.
        NotFound: there is no home, or no such vault in it.
    """
    owner = owner_of(where.home)
    if owner is not None:
        with _served_client(where, owner) as client:
            yield Door(client=client, vault=client.vault(where.vault), served_at=client.url)
        return
    if not makes_home and not (where.home / "home.json").is_file():
        raise NotFound(
            f"There is no home at {where.home}.", hint="Make one with `goldsmith serve`, or name yours with --home."
        )
    # The server is loaded only here: a command beside a running one does without.
    with loaded("local").local_client(where, runs_jobs=runs_jobs) as client:
        yield Door(client=client, vault=client.vault(where.vault), served_at=None)


def _served_client(where: Where, owner: Owner) -> Client:
    known = read_operator_file(where.home)
    if owner.url is None or known is None or known.url != owner.url:
        raise HomeInUse(
            f"The home {where.home} is in use by process {owner.pid}, which does not serve it.",
            hint="Try again when it has ended.",
        )
    if where.vault not in known.tokens:
        raise NotFound(f"The home {where.home} has no vault {where.vault!r}; {nearest(where.vault, known.tokens)}")
    return Client(known.url, known.tokens[where.vault])
