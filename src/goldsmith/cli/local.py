"""A home opened by a command itself: the whole server in this process, reached through a socket file."""

import socket
import tempfile
import threading
from collections.abc import Generator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import uvicorn

from goldsmith.cli.logs import log_command
from goldsmith.cli.operator import OperatorSessions
from goldsmith.cli.options import DEFAULT_VAULT, Where
from goldsmith.errors import NotFound, StorageError
from goldsmith.kit.clock import MINUTE
from goldsmith.kit.ids import Uuid7
from goldsmith.kit.nearest import nearest
from goldsmith.labeling.workbench import Workbenches
from goldsmith.people.flows.members import ensure_owner
from goldsmith.people.model import Lifetimes
from goldsmith.people.store import people
from goldsmith.sdk import Client
from goldsmith.server.app import create_app
from goldsmith.server.serving import server_config
from goldsmith.server.state import Services, open_services
from goldsmith.settings import Settings
from goldsmith.store.homes import Home
from goldsmith.worker.loop import JobLoop

_BACKLOG = 16
FIRST_CLIENT = "My data"


@contextmanager
def opened_home(where: Where) -> Generator[Home]:
    """The home, owned by this process until the end of the block."""
    with closing(Home(where.home, database_url=where.settings.database_url)) as home:
        yield home


@contextmanager
def local_client(where: Where, *, runs_jobs: bool) -> Generator[Client]:
    """A client of a server that lives in this process until the end of the block.

    Args:
        where: the home and the vault; a home that is not there is made, with its first client and its owner.
        runs_jobs: whether jobs that wait are run, too.

    Raises:
        NotFound: the home has no such vault, or the vault has no owner.
    """
    log_command(where.settings)
    with ExitStack() as stack:
        home = stack.enter_context(opened_home(where))
        if not home.vault_slugs():
            ensure_first_client(home, where.settings)
        benches = Workbenches(home)
        tokens = stack.enter_context(OperatorSessions(home)).tokens
        if where.vault not in tokens:
            raise NotFound(f"The home {where.home} has no vault {where.vault!r}; {nearest(where.vault, tokens)}")
        loop = JobLoop(home, benches.of, lambda: client_names(home))
        if runs_jobs:
            loop.start()
            stack.callback(loop.close)
        services = open_services(home, where.settings, jobs=loop, benches=benches)
        transport = stack.enter_context(_listening(services))
        url = f"http://127.0.0.1:{where.settings.port}"  # in links for people, who open them once the home is served
        yield stack.enter_context(Client(url, tokens[where.vault], transport=transport))


def ensure_first_client(home: Home, settings: Settings) -> str:
    """Give a new home its first client and its owner; the token of a sign-in link for the owner of an old one, too."""
    slugs = home.vault_slugs()
    slug = DEFAULT_VAULT if DEFAULT_VAULT in slugs or not slugs else slugs[0]
    lifetimes = Lifetimes(link=settings.sign_in_link_minutes * MINUTE)
    return ensure_owner(home, slug, FIRST_CLIENT, new_id=Uuid7(), lifetimes=lifetimes)


def client_names(home: Home) -> Mapping[str, str]:
    """What the client of each vault is called."""
    with home.directory.database.read() as connection:
        found = [people.find_client(connection, slug) for slug in home.vault_slugs()]
    return {client.slug: client.name for client in found if client is not None}


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_ready.set()


@contextmanager
def _listening(services: Services) -> Generator[httpx.BaseTransport]:
    with tempfile.TemporaryDirectory(prefix="goldsmith-") as folder, socket.socket(socket.AF_UNIX) as listener:
        path = str(Path(folder) / "socket")
        try:
            listener.bind(path)
        except OSError as error:
            raise StorageError(f"{path} cannot be made: {error.strerror}. Set TMPDIR to a shorter path.") from error
        listener.listen(_BACKLOG)
        server = _Server(server_config(create_app(services)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="goldsmith-local")
        thread.start()
        try:
            while not server.is_ready.wait(0.1):
                if not thread.is_alive():
                    raise StorageError("The server inside this command did not start.")
            yield httpx.HTTPTransport(uds=path)
        finally:
            server.should_exit = True
            thread.join()
