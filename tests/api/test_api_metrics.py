"""Health, counters and request lines: what happened, never to whom."""

import asyncio
import io
import json

import httpx
import pytest

from goldsmith.kit.clock import FixedClock
from goldsmith.server.events import EventLog
from goldsmith.server.metrics import Metrics
from goldsmith.trust.authorize import Role


def test_the_server_says_that_it_answers(shared):
    assert shared.client().get("/healthz").json() == {"status": "ok"}


def test_counters_name_routes_and_never_vaults_or_people(served):
    client = served.signed_in(Role.OWNER, name="Ada")
    for _ in range(3):
        client.get("/api/vaults/acme/people")
    client.get("/api/vaults/secret-client/people")
    client.get("/some/page")
    text = served.client().get("/metrics").text
    assert 'goldsmith_requests_total{method="GET",route="/api/vaults/{vault}/people",status="200"} 3' in text
    assert 'goldsmith_requests_total{method="GET",route="/api/vaults/{vault}/people",status="404"} 1' in text
    assert 'goldsmith_requests_total{method="GET",route="app",status="200"} 1' in text
    assert "process_resident_memory_bytes" in text
    for word in ("acme", "secret-client", "Ada", "some/page"):
        assert word not in text


def test_a_histogram_counts_every_request_once():
    metrics = Metrics()
    for seconds in (0.0005, 0.001, 0.003, 20.0):
        metrics.count("GET", "/x", 200, seconds)
    lines = metrics.render(uptime_s=1.0).splitlines()
    assert 'goldsmith_request_seconds_bucket{route="/x",le="0.001"} 2' in lines
    assert 'goldsmith_request_seconds_bucket{route="/x",le="0.005"} 3' in lines
    assert 'goldsmith_request_seconds_bucket{route="/x",le="10.0"} 3' in lines
    assert 'goldsmith_request_seconds_bucket{route="/x",le="+Inf"} 4' in lines
    assert 'goldsmith_request_seconds_count{route="/x"} 4' in lines
    assert 'goldsmith_request_seconds_sum{route="/x"} 20.004500' in lines


def test_counters_are_text_for_prometheus(shared):
    assert shared.client().get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")


@pytest.mark.parametrize("headers", [{"x-forwarded-for": "10.0.0.1"}, {"forwarded": "for=10.0.0.1"}, {"via": "1.1 x"}])
def test_what_a_proxy_passes_on_is_not_from_this_machine(shared, headers):
    assert httpx.get(f"{shared.url}/metrics", headers=headers).status_code == 401


@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.MANAGER, 403), (Role.AUDITOR, 403)])
def test_over_a_proxy_only_an_owner_sees_the_counters(shared, role, status):
    client = shared.signed_in(role)
    assert client.get("/metrics", headers={"x-forwarded-for": "10.0.0.1"}).status_code == status


def test_a_public_name_is_not_this_machine(serve_with):
    served = serve_with(PUBLIC_URL="https://label.example.org")
    assert served.client().get("/metrics", headers={"host": "label.example.org"}).status_code == 401
    assert served.client().get("/metrics").status_code == 200


def test_request_lines_are_written_together_and_hold_no_address_or_name():
    stream = io.StringIO()
    log = EventLog(FixedClock(), is_on=True, stream=stream)

    async def run():
        log.add("GET", "/api/vaults/{vault}/people", 200, 0.00123)
        log.add("POST", "/api/sign-in/link", 401, 0.5)
        assert stream.getvalue() == ""
        log.write()

    asyncio.run(run())
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first == {
        "at": "2025-10-09T08:53:20.000Z",
        "event": "request",
        "method": "GET",
        "route": "/api/vaults/{vault}/people",
        "status": 200,
        "duration_ms": 1.23,
    }
    assert (second["route"], second["status"], second["duration_ms"]) == ("/api/sign-in/link", 401, 500.0)


def test_request_lines_are_written_when_the_level_asks_for_them(serve_with, capsys):
    served = serve_with(LOG_LEVEL="info")
    served.client().get("/healthz")
    lines = []
    while not lines:
        served.client().get("/api/me")
        lines = [line for line in capsys.readouterr().err.splitlines() if '"/healthz"' in line]
    assert '"status":200' in lines[0]


def test_nothing_is_written_per_request_by_default(served, capsys):
    for _ in range(20):
        served.client().get("/healthz")
    assert capsys.readouterr().err == ""
