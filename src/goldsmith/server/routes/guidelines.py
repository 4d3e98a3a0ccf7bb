"""Guidelines: their versions in a project, so that people can see what has changed since they last worked there."""

import asyncio

from litestar import get
from litestar.params import FromPath

from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.project_wire import GuidelineVersion
from goldsmith.labeling.store.projects import document
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action


@get("/api/vaults/{vault:str}/projects/{project:str}/guideline/{version:int}")
async def get_guideline_version(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], version: FromPath[int]
) -> GuidelineVersion:
    """One version of a project's guideline, such as the one that an annotation was made under."""
    access = await enter(request, vault, Action.VIEW_PROJECT)
    bench = bench_of(request, access)
    return await asyncio.to_thread(_version, bench, await load_project(bench, project), version)


def _version(bench: Workbench, project: LoadedProject, version: int) -> GuidelineVersion:
    with bench.vault.database.read() as connection:
        return GuidelineVersion(version=version, guideline=document(connection, project.id, "guideline", version))
