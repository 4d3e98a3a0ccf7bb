"""The way in: a server's address and a token."""

import time
from types import TracebackType

import httpx

from goldsmith.people.wire import MadeTokenView, Me, TokenRequest, TokenRows, TokenView
from goldsmith.sdk.transport import Sleep, Transport
from goldsmith.sdk.vaults import Vault
from goldsmith.trust.authorize import Role


class Client:
    """A connection to one Goldsmith server.

    Example:
        >>> from goldsmith import Client
        >>> with Client("http://127.0.0.1:8321", token="gsm_api_…") as client:  # doctest: +SKIP
        ...     reviews = client.vault("default").project("reviews")
        ...     for row in reviews.items(state="uncertain"):
        ...         print(row.external_id, row.confidence)
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Sleep = time.sleep,
    ) -> None:
        """Prepare a connection; nothing is sent yet.

        Args:
            url: the server's address, such as `http://127.0.0.1:8321`.
            token: an API token, such as `goldsmith token create` makes.
            transport: how bytes travel; the network by default.
            sleep: waits between attempts and between looks at a job.

        Raises:
            InputError: the address or the token is not one.
        """
        self._transport = Transport(url, token, base=transport, sleep=sleep)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.url!r})"

    @property
    def url(self) -> str:
        """The server's address."""
        return self._transport.url

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def me(self) -> Me:
        """Whom the token stands for, and at which clients they work."""
        return self._transport.get("/api/me", Me)

    def vault(self, slug: str) -> Vault:
        """The vault of a client; nothing is asked yet."""
        return Vault(self._transport, slug)

    def tokens(self) -> list[TokenView]:
        """The person's API tokens that were not revoked, the newest first. Needs a person's sign-in."""
        return list(self._transport.get("/api/tokens", TokenRows).rows)

    def create_token(self, name: str, *, vault: str, role: Role, expires_in_days: int) -> MadeTokenView:
        """Make an API token; its text is shown this once. Needs a person's sign-in."""
        wanted = TokenRequest(name=name, vault=vault, role=role, expires_in_days=expires_in_days)
        return self._transport.send("POST", "/api/tokens", MadeTokenView, body=wanted)

    def revoke_token(self, token_id: str) -> None:
        """End a token. Needs a person's sign-in."""
        self._transport.send("DELETE", f"/api/tokens/{token_id}", type(None))
