"""The settings of one installation: read once, at the start, from `GOLDSMITH_*` variables."""

import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from goldsmith.errors import SettingsError
from goldsmith.kit.nearest import nearest

PREFIX = "GOLDSMITH_"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set, with safe defaults; each field is set by `GOLDSMITH_` and its name in capitals."""

    home: Annotated[
        Path, Meta(description="The folder that holds everything: databases, keys, blobs and releases.")
    ] = Path("~/.goldsmith")
    host: Annotated[
        str,
        Meta(
            description="The address to listen on. Other addresses than loopback need a public URL, since nothing but "
            "a TLS proxy in front keeps cookies and data private on a network.",
            min_length=1,
        ),
    ] = "127.0.0.1"
    port: Annotated[int, Meta(description="The port to listen on; 0 takes any free one.", ge=0, le=65_535)] = 8321
    database_url: Annotated[
        str | None,
        Meta(description="A PostgreSQL server in which each plane gets a database; SQLite files when it is not set."),
    ] = None
    public_url: Annotated[
        str | None,
        Meta(description="The address at which people reach the server, such as `https://label.example.org`."),
    ] = None
    allowed_hosts: Annotated[
        tuple[str, ...],
        Meta(description="Further host names that requests may ask for, separated by commas."),
    ] = ()
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="How much is written to standard error; `info` adds one line of JSON for each request."),
    ] = "warning"
    session_idle_hours: Annotated[
        int, Meta(description="A session ends after this many hours without a request.", ge=1, le=168)
    ] = 12
    session_hours: Annotated[
        int, Meta(description="A session ends this many hours after the sign-in, used or not.", ge=1, le=720)
    ] = 24
    sign_in_link_minutes: Annotated[
        int, Meta(description="A one-time sign-in link works for this many minutes.", ge=1, le=1440)
    ] = 15

    media_max_mb: Annotated[
        int, Meta(description="An image, audio or PDF file may have this many MiB.", ge=1, le=1 << 20)
    ] = 4096
    media_max_megapixels: Annotated[
        int, Meta(description="An image may have this many million pixels; each takes 4 bytes to read.", ge=1, le=600)
    ] = 250

    segmenter: Annotated[
        Path | None,
        Meta(description="A folder with `segmenter.js`: a model that marks things in images, run by browsers."),
    ] = None

    @property
    def home_folder(self) -> Path:
        """The home, with a leading `~` made into the person's own folder."""
        return self.home.expanduser()

    def __post_init__(self) -> None:
        if self.public_url is not None:
            _check_public_url(self.public_url)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that the variables in `environ` make; variables of other programs are passed over.

    Raises:
        SettingsError: a `GOLDSMITH_*` name is unknown, or a value does not fit; names the variable.
    """
    fields = {variable_of(field.name): field for field in msgspec.structs.fields(Settings)}
    given = {name: text for name, text in environ.items() if name.startswith(PREFIX)}
    unknown = sorted(given.keys() - fields.keys())
    if unknown:
        raise SettingsError(f"{unknown[0]} is not a setting; {nearest(unknown[0], fields)}")
    values = {fields[name].name: _parse(name, text, fields[name].type) for name, text in given.items()}
    return msgspec.structs.replace(Settings(), **values)


def variable_of(field_name: str) -> str:
    """The variable that sets a field."""
    return PREFIX + field_name.upper()


def _parse(name: str, text: str, kind: object) -> object:
    """The value of one variable; the text itself is not repeated, since a URL may hold a password."""
    plain = _without_notes(kind)
    if plain in {Path, Path | None}:
        return Path(text)
    value: object = text
    if plain == tuple[str, ...]:
        value = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{name} does not fit: {error}.") from error


def _without_notes(kind: object) -> object:
    if typing.get_origin(kind) is Annotated:
        return typing.get_args(kind)[0]
    return kind


def _check_public_url(url: str) -> None:
    parts = urlsplit(url)
    is_bare = parts.path in {"", "/"} and not parts.query and not parts.fragment and parts.username is None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not is_bare:
        raise SettingsError(
            f"{variable_of('public_url')} has to be a scheme and a host, such as https://label.example.org."
        )
