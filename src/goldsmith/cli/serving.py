"""A home served: server, job loop and the operator's way in, put together and closed in order."""

import os
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack, closing

from goldsmith.cli.local import client_names, ensure_first_client, opened_home
from goldsmith.cli.logs import log_server
from goldsmith.cli.messages import say
from goldsmith.cli.operator import OperatorDoor
from goldsmith.cli.options import Where
from goldsmith.labeling.workbench import Workbenches
from goldsmith.people.model import sign_in_address
from goldsmith.server.serving import check_host, listen, serve
from goldsmith.store.homes import owner_of
from goldsmith.worker.loop import JobLoop


def check_port(where: Where) -> None:
    """Make sure that the server will be able to listen, before anything is written.

    Raises:
        PortInUse: another program listens there.
        SettingsError: the host is not this machine alone and no public URL is set.
    """
    check_host(where.settings)
    if owner_of(where.home) is None:
        listen(where.settings.host, where.settings.port).close()


def serve_home(where: Where, *, opens_browser: bool) -> None:
    """Serve until SIGINT or SIGTERM; then close everything in order.

    Raises:
        HomeInUse: another process owns the home.
        PortInUse: another program listens there.
    """
    check_port(where)
    log_server(where.settings)
    with ExitStack() as stack:
        home = stack.enter_context(opened_home(where))
        link = ensure_first_client(home, where.settings)
        door = stack.enter_context(OperatorDoor(home))
        benches = Workbenches(home)
        jobs = JobLoop(home, benches.of, lambda: client_names(home))
        jobs.start()
        stack.enter_context(closing(jobs))

        def on_ready(url: str) -> None:
            door.open_at(url)
            _announce(where, url, link, opens_browser=opens_browser)

        serve(home, where.settings, on_ready, jobs=jobs, benches=benches)


def _announce(where: Where, url: str, link: str, *, opens_browser: bool) -> None:
    address = sign_in_address(where.settings.public_url or url, link)
    say(f"Goldsmith serves {where.home} at {where.settings.public_url or url}")
    say(f"Sign in with this link, once and within {where.settings.sign_in_link_minutes} minutes:")
    say(f"  {address}")
    say("Stop with Ctrl+C.")
    sys.stdout.flush()
    if opens_browser and _has_display():
        threading.Thread(target=_open, args=(webbrowser.open, address), daemon=True).start()


def _open(opener: Callable[[str], bool], address: str) -> None:
    """Open the browser beside the server, which must not wait for it."""
    opener(address)


def _has_display() -> bool:
    """Whether a person sits before a screen: a browser in the terminal would only take it away."""
    has_screen = sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return has_screen and sys.stdout.isatty()
