from pathlib import Path

import msgspec
import pytest

from goldsmith.errors import SettingsError
from goldsmith.settings import Settings, load_settings, variable_of


def test_without_variables_the_defaults_are_safe():
    settings = load_settings({"PATH": "/bin", "HOME": "/home/ada"})
    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8321)
    assert settings.public_url is None
    assert settings.database_url is None
    assert settings.allowed_hosts == ()


def test_each_variable_sets_its_field():
    settings = load_settings(
        {
            "GOLDSMITH_HOME": "/srv/gold",
            "GOLDSMITH_HOST": "::1",
            "GOLDSMITH_PORT": "9000",
            "GOLDSMITH_DATABASE_URL": "postgresql://db/postgres",
            "GOLDSMITH_PUBLIC_URL": "https://label.example.org",
            "GOLDSMITH_ALLOWED_HOSTS": "one.example.org, two.example.org,",
            "GOLDSMITH_LOG_LEVEL": "info",
            "GOLDSMITH_SESSION_IDLE_HOURS": "2",
            "GOLDSMITH_SESSION_HOURS": "8",
            "GOLDSMITH_SIGN_IN_LINK_MINUTES": "60",
        }
    )
    assert settings == Settings(
        home=Path("/srv/gold"),
        host="::1",
        port=9000,
        database_url="postgresql://db/postgres",
        public_url="https://label.example.org",
        allowed_hosts=("one.example.org", "two.example.org"),
        log_level="info",
        session_idle_hours=2,
        session_hours=8,
        sign_in_link_minutes=60,
    )


def test_an_unknown_name_stops_with_the_nearest_one():
    with pytest.raises(SettingsError, match=r"GOLDSMITH_PROT is not a setting; did you mean 'GOLDSMITH_PORT'\?"):
        load_settings({"GOLDSMITH_PROT": "9000"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GOLDSMITH_PORT", "eighty"),
        ("GOLDSMITH_PORT", "70000"),
        ("GOLDSMITH_PORT", ""),
        ("GOLDSMITH_HOST", ""),
        ("GOLDSMITH_LOG_LEVEL", "loud"),
        ("GOLDSMITH_SESSION_HOURS", "0"),
        ("GOLDSMITH_SIGN_IN_LINK_MINUTES", "1.5"),
        ("GOLDSMITH_PUBLIC_URL", "label.example.org"),
        ("GOLDSMITH_PUBLIC_URL", "ftp://label.example.org"),
        ("GOLDSMITH_PUBLIC_URL", "https://label.example.org/app"),
        ("GOLDSMITH_PUBLIC_URL", "https://ada@label.example.org"),
    ],
)
def test_a_value_that_does_not_fit_names_its_variable(name, text):
    with pytest.raises(SettingsError, match=name):
        load_settings({name: text})


def test_a_home_may_begin_at_the_persons_own():
    assert load_settings({}).home_folder == Path("~/.goldsmith").expanduser()


def test_every_field_is_documented():
    for field in msgspec.structs.fields(Settings):
        assert field.type.__metadata__[0].description.endswith("."), variable_of(field.name)
