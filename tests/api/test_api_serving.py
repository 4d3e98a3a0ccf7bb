"""The server as a process: light, alone on its port, open to this machine only, and polite when it stops."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager

import httpx
import pytest

from goldsmith.errors import PortInUse, SettingsError
from goldsmith.server.serving import check_host, listen, serve, url_of
from goldsmith.settings import load_settings
from goldsmith.store.homes import Home, owner_of

PROGRAM = """
import os, signal, sys
from pathlib import Path
from litestar import get
from goldsmith.people.flows.members import ensure_owner
from goldsmith.kit.ids import Uuid7
from goldsmith.server.serving import serve
from goldsmith.settings import load_settings
from goldsmith.store.homes import Home

@get("/api/modules")
async def modules() -> list[str]:
    return sorted({name.partition(".")[0] for name in sys.modules})

@get("/api/last-words")
async def last_words() -> str:
    os.kill(os.getpid(), signal.SIGTERM)
    return "said after the signal"

with Home(Path(sys.argv[1])) as home:
    token = ensure_owner(home, "acme", "Acme", new_id=Uuid7())
    settings = load_settings({"GOLDSMITH_PORT": "0"})
    serve(home, settings, lambda url: print(url, token, flush=True), routes_extra=[modules, last_words])
print("closed", flush=True)
"""
HEAVY = {"numba", "numpy", "pandas", "polars", "pyarrow", "scipy", "sklearn"}


@contextmanager
def running(path):
    """A server in a process of its own, its address and the token of its owner's link."""
    command = [sys.executable, "-c", PROGRAM, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, *process.stdout.readline().split()
        finally:
            process.kill()


def test_a_server_answers_and_stops_on_a_signal_with_its_home_closed(tmp_path):
    home = tmp_path / "home"
    with running(home) as (process, url, token):
        assert owner_of(home).url == url
        assert owner_of(home).pid == process.pid
        with httpx.Client(base_url=url) as client:
            assert client.post("/api/sign-in/link", json={"token": token}).status_code == 200
            assert client.get("/api/me").json()["name"] == "Owner"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "closed\n", "")
    assert owner_of(home) is None


def test_a_request_under_way_is_answered_before_the_server_stops(tmp_path):
    with running(tmp_path / "home") as (process, url, _):
        assert httpx.get(f"{url}/api/last-words").text == "said after the signal"
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "closed\n", "")


def test_the_server_process_stays_light(tmp_path):
    with running(tmp_path / "home") as (_, url, token), httpx.Client(base_url=url) as client:
        client.post("/api/sign-in/link", json={"token": token})
        for path in ("/api/vaults/acme/projects", "/api/question-types", "/schema", "/"):
            assert client.get(path).status_code == 200
        loaded = set(client.get("/api/modules").json())
        memory = next(
            int(line.split()[1])
            for line in client.get("/metrics").text.splitlines()
            if line.startswith("process_resident_memory_bytes")
        )
    assert loaded & HEAVY == set(), json.dumps(sorted(loaded & HEAVY))
    assert memory < 250 << 20


def test_a_taken_port_is_told_in_one_line():
    with closing(listen("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as refusal:
            listen("127.0.0.1", port)
    message = str(refusal.value)
    assert f"127.0.0.1:{port}" in message
    assert "GOLDSMITH_PORT" in message
    assert "\n" not in message


def test_a_taken_port_stops_the_start_before_anything_else(tmp_path):
    with closing(listen("127.0.0.1", 0)) as taken, Home(tmp_path / "home") as home:
        settings = load_settings({"GOLDSMITH_PORT": str(taken.getsockname()[1])})
        with pytest.raises(PortInUse):
            serve(home, settings, pytest.fail)
        assert owner_of(tmp_path / "home").url is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "label.example.org"])  # noqa: S104 - refused
def test_a_network_is_served_behind_a_public_address_only(host):
    with pytest.raises(SettingsError, match="GOLDSMITH_PUBLIC_URL"):
        check_host(load_settings({"GOLDSMITH_HOST": host}))
    check_host(load_settings({"GOLDSMITH_HOST": host, "GOLDSMITH_PUBLIC_URL": "https://label.example.org"}))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_this_machine_alone_is_always_served(host):
    check_host(load_settings({"GOLDSMITH_HOST": host}))


@pytest.mark.parametrize("host", ["no such host.invalid", "192.0.2.7"])
def test_an_address_that_is_not_of_this_machine_is_refused(host):
    with pytest.raises(SettingsError, match=host):
        listen(host, 0)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 on this machine")
def test_an_address_of_ipv6_stands_in_brackets():
    try:
        listener = listen("::1", 0)
    except SettingsError:
        pytest.skip("no IPv6 loopback on this machine")
    with closing(listener):
        assert url_of(listener).startswith("http://[::1]:")
