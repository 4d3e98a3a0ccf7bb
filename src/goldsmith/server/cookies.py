"""The session's cookie and the bearer token: how they are read from the raw headers, and how the cookie is set."""

from collections.abc import Iterable

from goldsmith.settings import Settings

RawHeaders = Iterable[tuple[bytes, bytes]]

_NAME = "goldsmith_session"
_BEARER = "bearer "


def is_https(settings: Settings) -> bool:
    """Whether people reach the server over TLS."""
    return settings.public_url is not None and settings.public_url.startswith("https:")


def cookie_name(settings: Settings) -> str:
    """The cookie's name: bound to this very host where TLS allows it."""
    return f"__Host-{_NAME}" if is_https(settings) else _NAME


def set_cookie(settings: Settings, token: str, max_age_s: int) -> str:
    """The header value that makes a browser keep a session; an age of 0 makes it forget."""
    secure = "; Secure" if is_https(settings) else ""
    return f"{cookie_name(settings)}={token}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}"


def cookie_value(headers: RawHeaders, name: str) -> str | None:
    """The value of a cookie; None when it is not there."""
    wanted = name.encode() + b"="
    for header, value in headers:
        if header == b"cookie":
            for part in value.split(b";"):
                crumb = part.strip()
                if crumb.startswith(wanted):
                    return crumb[len(wanted) :].decode("latin-1")
    return None


def bearer_token(headers: RawHeaders) -> str | None:
    """The token of an `Authorization: Bearer …` header; empty for another kind of authorization."""
    for header, value in headers:
        if header == b"authorization":
            text = value.decode("latin-1")
            return text[len(_BEARER) :].strip() if text[: len(_BEARER)].lower() == _BEARER else ""
    return None


def base_url(settings: Settings, headers: RawHeaders) -> str:
    """The address at which this request reached the server, as people see it."""
    if settings.public_url is not None:
        return settings.public_url.rstrip("/")
    return "http://" + next((value.decode("latin-1") for name, value in headers if name == b"host"), "")
