"""Listens: takes the port first, says when it is ready, and stops once open requests are answered."""

import asyncio
import contextlib
import errno
import ipaddress
import signal
import socket
from collections.abc import Callable, Generator, Sequence

import uvicorn
from litestar.types import ControllerRouterHandler

from goldsmith.errors import PortInUse, SettingsError
from goldsmith.labeling.workbench import Workbenches
from goldsmith.server.app import create_app
from goldsmith.server.state import Jobs, open_services
from goldsmith.settings import Settings, variable_of
from goldsmith.store.homes import Home

_BACKLOG = 512
_STOP_WITHIN_S = 30
_KEEP_ALIVE_S = 75
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(
    home: Home,
    settings: Settings,
    on_ready: Callable[[str], None],
    *,
    jobs: Jobs | None = None,
    benches: Workbenches | None = None,
    routes_extra: Sequence[ControllerRouterHandler] = (),
) -> None:
    """Serve a home until SIGINT or SIGTERM; then finish the open requests and return.

    Args:
        home: the opened home; all its vaults are opened before the first request.
        settings: where to listen, and everything else that can be set.
        on_ready: called with the server's address once it answers.
        benches: the workbenches of the vaults, shared with the job loop.
        jobs: whoever runs jobs and wants to hear of new ones.
        routes_extra: further routes.

    Raises:
        PortInUse: the address is taken.
        SettingsError: the host is not this machine alone and no public URL is set, or it is not an address here.
    """
    check_host(settings)
    with contextlib.closing(listen(settings.host, settings.port)) as listener:
        services = open_services(home, settings, jobs=jobs, benches=benches)
        url = url_of(listener)
        home.announce(url)
        try:
            server = _Server(server_config(create_app(services, routes_extra)), lambda: on_ready(url))
            server.run(sockets=[listener])
        finally:
            home.announce(None)


def check_host(settings: Settings) -> None:
    """Accept loopback; anything else only behind a public URL.

    Raises:
        SettingsError: the server would be open to a network, and nobody said how people reach it.
    """
    if not _is_loopback(settings.host) and settings.public_url is None:
        raise SettingsError(
            f"{settings.host} is reachable from other machines.",
            hint=f"Set {variable_of('public_url')} to the https address of the proxy in front, or listen on 127.0.0.1.",
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address.

    Raises:
        PortInUse: another program listens there.
        SettingsError: the host is not an address of this machine, or the port is not for everybody.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise SettingsError(f"{host!r} is not an address of this machine: {error.strerror}.") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        listener.setblocking(False)  # noqa: FBT003 - the socket's own signature
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            hint = f"Stop the program that listens there, or set {variable_of('port')} to another port."
            raise PortInUse(f"{host}:{port} is in use.", hint=hint) from error
        raise SettingsError(f"{host}:{port} cannot be listened on: {error.strerror}.") from error
    return listener


def url_of(listener: socket.socket) -> str:
    """The address of a listening socket as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_config(app: object) -> uvicorn.Config:
    """How uvicorn serves the application: it logs no request and believes no header about the client."""
    return uvicorn.Config(
        app,  # pyright: ignore[reportArgumentType]  # uvicorn's own types of an ASGI application differ from Litestar's
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_STOP_WITHIN_S,
    )


class _Server(uvicorn.Server):
    """Stops on a signal without raising it again, so that the home is closed properly afterwards."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._stop)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

    def _stop(self) -> None:
        """The first signal finishes open requests, the second one does not wait for them."""
        self.force_exit = self.should_exit
        self.should_exit = True


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
