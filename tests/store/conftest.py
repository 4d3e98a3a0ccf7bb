"""A home on each engine: the same tests run on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator

import pytest
from store_lab import Lab

from goldsmith.kit.clock import FixedClock
from goldsmith.store.homes import Home, Vault


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Where databases live: in files when it is None."""
    return request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None


@pytest.fixture
def home(tmp_path, clock, database_url) -> Iterator[Home]:
    with Home(tmp_path / "home", clock=clock, database_url=database_url) as opened:
        yield opened


@pytest.fixture
def vault(home) -> Vault:
    return home.create_vault("acme")


@pytest.fixture
def lab(vault, clock) -> Lab:
    """A project whose policy wants one answer for each item, in the order of import."""
    return Lab(vault, clock)
