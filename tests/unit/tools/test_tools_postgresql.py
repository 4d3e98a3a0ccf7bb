import os
from pathlib import Path

import psycopg
import pytest

from tools.postgresql import find_postgresql, free_port, throwaway_cluster

PROGRAMS = find_postgresql()


@pytest.mark.postgresql
@pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL server is installed (Debian: apt-get install postgresql)")
def test_a_throwaway_server_answers_by_password_and_leaves_nothing_behind():
    assert PROGRAMS is not None
    with throwaway_cluster(PROGRAMS, is_durable=True) as cluster:
        with psycopg.connect(cluster.url) as connection:
            folder = Path(connection.execute("show data_directory").fetchall()[0][0])
            settings = ("fsync", "synchronous_commit", "listen_addresses", "password_encryption")
            shown = [connection.execute(f"show {name}").fetchall()[0][0] for name in settings]
        assert shown == ["on", "on", "127.0.0.1", "scram-sha-256"]
        os.kill(cluster.pid, 0)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(cluster.url.replace("goldsmith:", "goldsmith:wrong"))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(cluster.url)
    assert not folder.exists()


def test_free_ports_can_be_listened_on():
    assert 1024 <= free_port() <= 65535
