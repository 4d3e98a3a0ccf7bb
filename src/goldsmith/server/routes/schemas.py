"""Schemas: their versions in a project, and what is wrong with one that is being written."""

import asyncio

from litestar import get, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from goldsmith.errors import InputError
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.project_wire import SchemaDraft, SchemaVersion
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project
from goldsmith.server.state import AppRequest
from goldsmith.tasks.schema_texts import SchemaVerdict, verdict_on_text, verdict_on_values
from goldsmith.tasks.schemas import schema_json
from goldsmith.trust.authorize import Action


@get("/api/vaults/{vault:str}/projects/{project:str}/schema/{version:int}")
async def get_schema_version(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], version: FromPath[int]
) -> SchemaVersion:
    """One version of a project's schema, such as the one that an annotation was made under."""
    access = await enter(request, vault, Action.VIEW_PROJECT)
    bench = bench_of(request, access)
    return await asyncio.to_thread(_version, bench, await load_project(bench, project), version)


@post("/api/vaults/{vault:str}/schemas/check", status_code=HTTP_200_OK)
async def check_schema(request: AppRequest, vault: FromPath[str], data: JSONBody[SchemaDraft]) -> SchemaVerdict:
    """A schema that is being written, as text and as values, with what is wrong and where. Nothing is stored."""
    _ = await enter(request, vault, Action.CREATE_PROJECT)
    if (data.schema is None) == (data.text is None):
        raise InputError("Send either `schema`, its values, or `text`, its YAML.")
    return await asyncio.to_thread(_verdict, data)


def _verdict(data: SchemaDraft) -> SchemaVerdict:
    return verdict_on_text(data.text) if data.text is not None else verdict_on_values(data.schema or {})


def _version(bench: Workbench, project: LoadedProject, version: int) -> SchemaVersion:
    with bench.vault.database.read() as connection:
        return SchemaVersion(version=version, schema=schema_json(bench.schema(connection, project, version)))
