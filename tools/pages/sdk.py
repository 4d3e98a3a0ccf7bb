"""docs/sdk.md: the Python client, method by method."""

import inspect
import types
from collections.abc import Iterator
from typing import NamedTuple

from goldsmith.sdk.client import Client
from goldsmith.sdk.projects import Project
from goldsmith.sdk.reviewing import Reviewing
from goldsmith.sdk.vaults import Vault
from tools.pages.markdown import page, summary_of, table

INTRODUCTION = """\
`from goldsmith import Client` is the Python side of the [HTTP interface](api.md). A client has vaults, a vault has
projects. Problems raise the classes of [the errors](errors.md). Make a token with `goldsmith token create`, or on the
account page of the browser app.

```python
from goldsmith import Client

with Client("http://127.0.0.1:8321", token="gsm_…") as client:
    project = client.vault("default").project("reviews")
    project.import_file("reviews.csv")
    for row in project.items(state="uncertain"):
        print(row.title, row.confidence)
```"""

CLASSES = (Client, Vault, Project, Reviewing)
HEADING = ("method", "what it does")


class Method(NamedTuple):
    """A public method or property: how it is called, and what it is documented as."""

    name: str
    call: str
    summary: str


def render() -> str:
    """The page."""
    return page("Python client", INTRODUCTION, *map(_section, CLASSES))


def methods_of(kind: type) -> Iterator[Method]:
    """The public methods of a class in the order of its file."""
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield Method(name, name, _first_line(member))
        elif isinstance(member, types.FunctionType):
            yield Method(name, f"{name}({_parameters(member)})", _first_line(member))


def _section(kind: type) -> str:
    rows = [(f"`{method.call}`", method.summary) for method in methods_of(kind)]
    return f"## {kind.__name__}\n\n{summary_of(kind)}\n\n{table(HEADING, rows)}"


def _parameters(function: types.FunctionType) -> str:
    parameters = [each.replace(annotation=each.empty) for each in inspect.signature(function).parameters.values()]
    return str(inspect.Signature(parameters[1:]))[1:-1]


def _first_line(member: object) -> str:
    return summary_of(member).split("\n\n", maxsplit=1)[0]
