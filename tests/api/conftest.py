"""A real server on a free port, with a real home, two clients and people in every role."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import pytest
import uvicorn

from goldsmith.kit.clock import Clock, FixedClock, SystemClock
from goldsmith.kit.ids import Uuid7
from goldsmith.people.flows.members import NewMember, admit, ensure_owner
from goldsmith.people.model import Lifetimes
from goldsmith.server.app import create_app
from goldsmith.server.serving import listen, server_config, url_of
from goldsmith.server.state import Services, open_services
from goldsmith.settings import Settings, load_settings
from goldsmith.store.homes import Home
from goldsmith.trust.authorize import Role

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # a client that loads certificates takes 50 ms to make
VAULT = "acme"
OTHER_VAULT = "globex"


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        self._ready.set()


@contextmanager
def listening(services: Services, routes_extra=()) -> Iterator[str]:
    """The URL of a server that runs in a thread until the end of the block."""
    ready = threading.Event()
    listener = listen("127.0.0.1", 0)
    server = _Server(server_config(create_app(services, routes_extra)), ready)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert ready.wait(30)
        yield url_of(listener)
    finally:
        server.should_exit = True
        thread.join()


@dataclass(kw_only=True)
class Served:
    """A running server, and the ways into it that tests need."""

    url: str
    services: Services
    clock: Clock
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def home(self) -> Home:
        return self.services.home

    def client(self, *, bearer: str | None = None, origin: str | None = None) -> httpx.Client:
        """A client that is not signed in; like a browser's page it sends its origin, unless it has a token."""
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {"origin": origin or self.url}
        made = httpx.Client(base_url=self.url, headers=headers, timeout=30, verify=_NO_TLS)
        self.clients.append(made)
        return made

    def link_token(self, role: Role, vault: str = VAULT, *, name: str = "Ada", email: str | None = None) -> str:
        """The token of a sign-in link for a new person."""
        work = partial(
            admit,
            slug=vault,
            member=NewMember(name, email, role),
            actor="operator",
            new_id=self.services.new_id,
            lifetimes=Lifetimes(),
        )
        return self.home.directory.database.write(work).link_token

    def signed_in(self, role: Role, vault: str = VAULT, **person: str) -> httpx.Client:
        """A client with the session of a new person."""
        client = self.client()
        answer = client.post("/api/sign-in/link", json={"token": self.link_token(role, vault, **person)})
        assert answer.status_code == 200, answer.text
        return client

    def owner(self, vault: str = VAULT) -> httpx.Client:
        """A client with the session of the vault's first owner, who opens the whole account."""
        client = self.client()
        token = ensure_owner(self.home, vault, vault.title(), new_id=self.services.new_id)
        assert client.post("/api/sign-in/link", json={"token": token}).status_code == 200
        return client


@contextmanager
def served_home(path: Path, clock: Clock, settings: Settings, routes_extra=()) -> Iterator[Served]:
    """A home with the vaults `acme` and `globex`, served until the end of the block."""
    with ExitStack() as stack:
        home = stack.enter_context(Home(path, clock=clock))
        for slug in (VAULT, OTHER_VAULT):
            ensure_owner(home, slug, slug.title(), new_id=Uuid7())
        services = open_services(home, settings)
        url = stack.enter_context(listening(services, routes_extra))
        served = Served(url=url, services=services, clock=clock)
        yield served
        for client in served.clients:
            client.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for all tests of a file, with the machine's clock: for tests that only look."""
    with served_home(tmp_path_factory.mktemp("shared") / "home", SystemClock(), load_settings({})) as running:
        yield running


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until a test moves it."""
    return FixedClock()


@pytest.fixture
def served(tmp_path: Path, clock: FixedClock) -> Iterator[Served]:
    """A server with a home of its own."""
    with served_home(tmp_path / "home", clock, load_settings({})) as running:
        yield running


@pytest.fixture
def serve_with(tmp_path: Path, clock: FixedClock) -> Iterator[Callable[..., Served]]:
    """Starts servers with settings or routes of the test's own."""
    with ExitStack() as stack:

        def start(routes_extra=(), **variables: str) -> Served:
            settings = load_settings({f"GOLDSMITH_{name}": text for name, text in variables.items()})
            path = tmp_path / f"home{len(variables)}"
            return stack.enter_context(served_home(path, clock, settings, routes_extra))

        yield start
