"""The client is light to have, and reads what the server writes."""

import subprocess
import sys

import pytest

import goldsmith
from goldsmith.sdk import wire
from goldsmith.server.routes import jobs


def test_the_client_is_at_the_top_but_loads_only_when_asked_for():
    code = (
        "import sys, goldsmith, goldsmith.errors\n"
        "assert not {'httpx', 'msgspec', 'goldsmith.sdk'} & set(sys.modules)\n"
        "from goldsmith import Client\n"
        "assert Client.__module__ == 'goldsmith.sdk.client'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_other_names_are_missing_as_in_every_module():
    with pytest.raises(AttributeError, match="no attribute 'Cleint'"):
        _ = goldsmith.Cleint


def test_the_client_asks_for_jobs_as_the_server_reads_them():
    for name in ("NewJob", "NewAnnotate"):
        assert set(getattr(wire, name).__struct_fields__) == set(getattr(jobs, name).__struct_fields__)
