"""The list of commands: light, complete, and the same as the commands themselves."""

import subprocess
import sys

import pytest
import typer.main

from goldsmith.cli import app
from goldsmith.cli.lazy import ENTRIES

HEAVY = ("httpx", "sqlalchemy", "litestar", "numpy", "rich", "polars", "pyarrow", "numba")


def commands() -> dict[str, object]:
    return dict(typer.main.get_command(app).commands)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["no-such-command"]])
def test_light_commands_load_nothing_heavy(arguments):
    code = (
        "import sys, goldsmith.cli\n"
        f"sys.argv = ['goldsmith', *{arguments!r}]\n"
        "try:\n    goldsmith.cli.main()\n"
        "except SystemExit:\n    pass\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_a_command_beside_a_running_server_does_not_load_one():
    code = "import sys, goldsmith.cli.items\nassert not {'litestar', 'uvicorn', 'numba'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_verifying_needs_no_server_and_no_database():
    code = (
        "import sys, goldsmith.cli.verify\nassert not {'litestar', 'sqlalchemy', 'httpx', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("name", ENTRIES)
def test_the_line_in_the_list_is_the_first_of_the_commands_own_help(name):
    loaded = commands()[name]
    assert loaded.help.partition("\n")[0] == ENTRIES[name].help
    assert len(ENTRIES[name].help) < 72, "it would be cut in a narrow terminal"


def test_every_command_of_a_group_says_what_it_does():
    groups = [command for command in commands().values() if hasattr(command, "commands")]
    assert len(groups) >= 6
    for group in groups:
        for name, command in group.commands.items():
            assert command.help, name


def test_every_command_that_returns_data_takes_json():
    without = {"serve", "label", "verify"} - {"verify"}
    without |= {"recipes show", "items export", "user remove", "token revoke"}
    found = {words for words, command in leaves() if "--json" not in options_of(command)}
    assert found == without


def leaves():
    for name, command in commands().items():
        if hasattr(command, "commands"):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())
        else:
            yield name, command


def options_of(command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}
