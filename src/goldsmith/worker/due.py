"""Which projects have answers that their consensus does not know yet."""

from typing import NamedTuple

from goldsmith.labeling.store import answer_lists, projects
from goldsmith.labeling.workbench import Workbench


class Due(NamedTuple):
    """A project to infer anew, and when its newest answer came."""

    project_id: str
    newest_at: int


def due_projects(bench: Workbench) -> list[Due]:
    """The active projects of a vault whose newest answer came after the last inference."""
    due: list[Due] = []
    with bench.vault.database.read() as connection:
        for project in projects.list_projects(connection):
            newest = answer_lists.newest(connection, project["id"])
            inference = projects.inference(connection, project["id"])
            up_to = -1 if inference is None else inference["up_to_seq"]
            if project["state"] == "active" and newest is not None and newest["leaf_seq"] > up_to:
                due.append(Due(project["id"], newest["created_at"]))
    return due
