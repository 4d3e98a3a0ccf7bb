"""Saved views: a filter, an order and a layout under a name, for oneself or for everybody in the project."""

from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.errors import InputError, NotFound
from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.filters import parse_filter
from goldsmith.labeling.items_wire import NewView, View, ViewBody, Views
from goldsmith.labeling.model import LoadedProject, check_project_name
from goldsmith.labeling.store import views
from goldsmith.labeling.store.orders import keys_of
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.units import UnitOfWork

MOST_VIEWS = 200
_MOST_COLUMNS = 50


def views_of(connection: Connection, project: LoadedProject, *, actor: str) -> Views:
    """The views that somebody can use."""
    return Views(rows=[_view(row, actor) for row in views.of_project(connection, project.id, actor)])


def save_view(unit: UnitOfWork, bench: Workbench, project: LoadedProject, new: NewView, *, actor: str) -> str:
    """The id of a new view.

    Raises:
        InputError: the name, the filter or the order is not a possible one, or there are too many views.
    """
    values = _values(new)
    if views.n_own(unit.connection, project.id, actor) >= MOST_VIEWS:
        raise InputError(f"You have {MOST_VIEWS} views here; take one away first.")
    view_id = bench.new_id()
    row = {"id": view_id, "created_at": unit.now, "project_id": project.id, "owner": actor, **values}
    views.insert_view(unit.connection, row)
    return view_id


def change_view(unit: UnitOfWork, project: LoadedProject, view_id: str, new: NewView, *, actor: str) -> None:
    """Change a view of one's own.

    Raises:
        NotFound: there is none of one's own with this id.
        InputError: the name, the filter or the order is not a possible one.
    """
    views.update_view(unit.connection, _own(unit.connection, project, view_id, actor)["id"], _values(new))


def delete_view(unit: UnitOfWork, project: LoadedProject, view_id: str, *, actor: str) -> None:
    """Take a view of one's own away.

    Raises:
        NotFound: there is none of one's own with this id.
    """
    views.delete_view(unit.connection, _own(unit.connection, project, view_id, actor)["id"])


def _own(connection: Connection, project: LoadedProject, view_id: str, actor: str) -> RowMapping:
    found = views.view(connection, project.id, view_id)
    if found is None or found["owner"] != actor:
        raise NotFound(f"You have no view {view_id[:80]!r} in this project.")
    return found


def _values(new: NewView) -> dict[str, Any]:
    parse_filter(new.where)
    keys_of(new.sort, is_descending=False)
    if len(new.columns) > _MOST_COLUMNS:
        raise InputError(f"A view shows at most {_MOST_COLUMNS} columns, not {len(new.columns)}.")
    body = ViewBody(where=new.where, sort=new.sort, columns=new.columns, layout=new.layout)
    return {
        "name": check_project_name(new.name),
        "is_shared": int(new.is_shared),
        "body": canonical_json(body).decode(),
    }


def _view(row: RowMapping, actor: str) -> View:
    body = msgspec.json.decode(row["body"], type=ViewBody)
    return View(
        **msgspec.structs.asdict(body),
        id=row["id"],
        name=row["name"],
        is_shared=bool(row["is_shared"]),
        is_own=row["owner"] == actor,
        created_at=row["created_at"],
    )
