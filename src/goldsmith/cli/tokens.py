"""`goldsmith token`."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.messages import say, say_json, say_rows, say_table
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, VaultOption, new_app, where
from goldsmith.kit.clock import SECOND
from goldsmith.people.model import MAX_TOKEN_DAYS
from goldsmith.trust.authorize import Role

app = new_app("API tokens of the owner, for programs.")


@app.command("create")
def create_token(
    *,
    name: Annotated[str, typer.Argument(help="What it is for, to tell it apart in the list.")] = "command line",
    role: Annotated[Role, typer.Option(help="What it may do.")] = Role.OWNER,
    days: Annotated[int, typer.Option(help="How many days it works.", min=1, max=MAX_TOKEN_DAYS)] = 30,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it; it is shown this once."""
    with connected(where(home, vault)) as door:
        made = door.client.create_token(name, vault=vault, role=role, expires_in_days=days)
    if as_json:
        say_json(made)
        return
    say(made.token)


@app.command("list")
def list_tokens(home: HomeOption = None, vault: VaultOption = DEFAULT_VAULT, as_json: JsonOption = False) -> None:
    """List the tokens that work, the newest first."""
    with connected(where(home, vault)) as door:
        tokens = door.client.tokens()
    if as_json:
        say_rows(tokens)
        return
    if not tokens:
        say("There is no token. Make one with `goldsmith token create`.")
        return
    heading = ("id", "name", "begins with", "role", "works until", "used last")
    say_table(heading, [(t.id, t.name, t.prefix, t.role, _day(t.expires_at), _day(t.last_used_at)) for t in tokens])


@app.command("revoke")
def revoke_token(
    token_id: Annotated[str, typer.Argument(help="The token's id, as `token list` shows it.", metavar="ID")],
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
) -> None:
    """End a token: the next request with it fails."""
    with connected(where(home, vault)) as door:
        door.client.revoke_token(token_id)
    say("The token is revoked.")


def _day(instant: int | None) -> str:
    return "never" if instant is None else datetime.fromtimestamp(instant / SECOND, UTC).strftime("%Y-%m-%d")
