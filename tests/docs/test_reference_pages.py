"""What people can set, call, run or meet as an error is on its page; the pages are what the code says."""

import re
from pathlib import Path

import msgspec
import pytest

import goldsmith.errors
from goldsmith.errors import GoldsmithError
from goldsmith.settings import PREFIX, Settings
from tools.docs import PAGES, is_up_to_date
from tools.pages.api import routes
from tools.pages.cli import commands, name_of, parameters_of
from tools.pages.markdown import attributes_of, summary_of, table
from tools.pages.plugins import KINDS, own_plugins
from tools.pages.sdk import CLASSES, methods_of

ROOT = Path(__file__).resolve().parents[2]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_the_committed_page_is_what_the_code_says(name):
    assert is_up_to_date(name, PAGES[name]), "run `make fix` and commit the page"


def test_every_error_code_is_documented():
    kinds = [
        kind for kind in vars(goldsmith.errors).values() if isinstance(kind, type) and issubclass(kind, GoldsmithError)
    ]
    assert len(kinds) > 15
    for kind in kinds:
        assert f"| `{kind.code}` | {kind.status} | {kind.exit_code} | `{kind.__name__}` |" in text_of("docs/errors.md")


def test_no_two_errors_share_a_code():
    kinds = [
        kind for kind in vars(goldsmith.errors).values() if isinstance(kind, type) and issubclass(kind, GoldsmithError)
    ]
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_every_setting_is_documented_with_its_meaning():
    rows = {
        line.split("|")[1].strip(): line for line in text_of("docs/settings.md").splitlines() if line.startswith("| `")
    }
    assert rows.keys() == {f"`{PREFIX}{field.name.upper()}`" for field in msgspec.structs.fields(Settings)}
    assert all(len(row.split("|")[4].strip()) > 10 for row in rows.values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.title)
def test_every_plugin_is_documented_with_its_parameters(kind):
    section = text_of("docs/plugins.md").partition(f"## {kind.title}\n")[2].partition("\n## ")[0]
    for name, plugin in own_plugins(kind).items():
        part = section.partition(f"### `{name}`\n")[2].partition("\n### ")[0]
        assert summary_of(plugin) in part, f"{name} has no docstring on the page"
        meanings = attributes_of(plugin)
        for field in msgspec.structs.fields(plugin):
            assert f"| `{field.encode_name}` |" in part
            assert meanings.get(field.name), f"{plugin.__name__}.{field.name} is not in an `Attributes:` section"


def test_every_route_is_documented_and_says_what_it_does():
    page = text_of("docs/api.md")
    found = list(routes())
    assert len(found) > 10
    for route in found:
        row = next((line for line in page.splitlines() if line.startswith(f"| `{route.method} {route.path}` |")), "")
        assert len(row.split("|")[5].strip()) > 10, f"{route.method} {route.path} needs a docstring and its line"


def test_every_type_that_a_route_uses_is_described():
    page = text_of("docs/api.md")
    links = set(re.findall(r"\]\(#(\w+)\)", page))
    headings = {line.removeprefix("## ").lower() for line in page.splitlines() if line.startswith("## ")}
    assert links <= headings


def test_every_command_is_documented_with_its_options():
    page = text_of("docs/cli.md")
    found = list(commands())
    assert found
    for command in found:
        section = page.partition(f"## {command.title}\n")[2].partition("\n## ")[0]
        assert len(section.strip()) > 10, f"{command.title} is not on the page, or says nothing about itself"
        for parameter in parameters_of(command):
            row = next((line for line in section.splitlines() if line.startswith(f"| `{name_of(parameter)}` |")), "")
            assert len(row.split("|")[4].strip()) > 5, f"{command.title}: {name_of(parameter)} has no help"


@pytest.mark.parametrize("kind", CLASSES)
def test_every_method_of_the_python_client_says_what_it_does(kind):
    found = list(methods_of(kind))
    assert found
    for method in found:
        assert f"| `{method.call}` |" in text_of("docs/sdk.md")
        assert len(method.summary) > 10, f"{kind.__name__}.{method.name} has no docstring"


def test_tables_cannot_be_broken_by_their_cells():
    assert table(("a",), [("x | y\nz",)]).splitlines()[2] == "| x \\| y z |"


def test_attributes_of_bases_come_first_and_may_run_over_lines():
    class Base:
        """A base.

        Attributes:
            one: the first
                of two lines.
        """

    class Derived(Base):
        """Derived.

        Attributes:
            two: the second.

        Source: nowhere.
        """

    assert attributes_of(Derived) == {"one": "the first of two lines.", "two": "the second."}
    assert summary_of(Derived) == "Derived."
