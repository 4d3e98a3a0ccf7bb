"""`goldsmith user`."""

from typing import Annotated

import typer

from goldsmith.cli.doors import Door, connected
from goldsmith.cli.messages import one_line, printable, say, say_json, say_rows, say_table
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, VaultOption, new_app, where
from goldsmith.errors import InputError, NotFound
from goldsmith.kit.nearest import nearest
from goldsmith.people.wire import PersonView
from goldsmith.trust.authorize import Role

app = new_app("People: admit them, give links and roles.")

PersonArgument = Annotated[str, typer.Argument(help="The person's name, e-mail or id.", metavar="PERSON")]


@app.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="What people call them.")],
    *,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.ANNOTATOR,
    email: Annotated[str | None, typer.Option(help="With it they can later sign in by password.")] = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Admit a person, and print the one-time link with which they sign in."""
    with connected(where(home, vault)) as door:
        made = door.vault.add_person(name, role, email=email)
        served_at = door.served_at
    if as_json:
        say_json(made)
        return
    _tell_link(name, made.sign_in_link, served_at)


@app.command("list")
def list_users(*, home: HomeOption = None, vault: VaultOption = DEFAULT_VAULT, as_json: JsonOption = False) -> None:
    """List the people, the first one first."""
    with connected(where(home, vault)) as door:
        people = door.vault.people()
    if as_json:
        say_rows(people)
        return
    say_table(
        ("id", "name", "e-mail", "role"), [(p.person_id, one_line(p.name, 40), p.email or "", p.role) for p in people]
    )


@app.command("link")
def link_user(
    person: PersonArgument,
    *,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Print a new one-time sign-in link for a person who lost theirs."""
    with connected(where(home, vault)) as door:
        found = _find(door, person)
        link = door.vault.sign_in_link(found.person_id)
        served_at = door.served_at
    if as_json:
        say_json({"person_id": found.person_id, "sign_in_link": link})
        return
    _tell_link(found.name, link, served_at)


@app.command("role")
def change_role(
    person: PersonArgument,
    role: Annotated[Role, typer.Argument(help="The new role.")],
    *,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Give a person another role; it counts from their next request on."""
    with connected(where(home, vault)) as door:
        changed = door.vault.set_role(_find(door, person).person_id, role)
    if as_json:
        say_json(changed)
        return
    say(f"{printable(changed.name)} is now {changed.role}.")


@app.command("remove")
def remove_user(person: PersonArgument, *, home: HomeOption = None, vault: VaultOption = DEFAULT_VAULT) -> None:
    """End a person's work here. Their answers stay."""
    with connected(where(home, vault)) as door:
        found = _find(door, person)
        door.vault.remove_person(found.person_id)
    say(f"{printable(found.name)} works here no longer; their answers stay.")


def _find(door: Door, person: str) -> PersonView:
    people = door.vault.people()
    found = [one for one in people if person in {one.person_id, one.name, one.email}]
    if len(found) > 1:
        raise InputError(
            f"{len(found)} people are called {person!r}.", hint="Name one by the id of `goldsmith user list`."
        )
    if not found:
        raise NotFound(f"There is no person {person!r}; {nearest(person, (one.name for one in people))}")
    return found[0]


def _tell_link(name: str, link: str, served_at: str | None) -> None:
    say(f"{printable(name)} signs in once with this link; it does not work for long:")
    say(f"  {link}")
    if served_at is None:
        say("Nobody serves this home now: start `goldsmith serve` first.")
