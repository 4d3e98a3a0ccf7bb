"""The API's own description: complete, stable, and kept by the server."""

import contextlib
import re
from typing import NamedTuple

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

from goldsmith.server.routes import ALL_ROUTES
from goldsmith.trust.authorize import Role

# Not among them: that everything described is taken, since ids that nobody made are not found.
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.ignored_auth,
]


class Asked(NamedTuple):
    """Where the description is tried out."""

    url: str
    headers: dict[str, str]
    project: str


def test_every_route_is_described_under_its_functions_name(shared):
    described = shared.client().get("/schema").json()
    operations = [one["operationId"] for item in described["paths"].values() for one in item.values()]
    assert sorted(operations) == sorted(handler.handler_name for handler in ALL_ROUTES)
    assert described["openapi"].startswith("3.1")
    assert all(re.fullmatch(r"[a-z][a-z_]+", name) for name in operations)


def test_every_operation_says_what_it_does_and_how_it_fails(shared):
    described = shared.client().get("/schema").json()
    for path, item in described["paths"].items():
        for method, operation in item.items():
            assert operation["description"], (method, path)
            problem = operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
            assert problem == {"$ref": "#/components/schemas/Problem"}
            assert not any(status.startswith(("4", "5")) for status in operation["responses"])


def test_a_problem_is_what_the_description_says(shared):
    described = shared.client().get("/schema").json()
    schema = {**described["components"]["schemas"]["Problem"], "components": described["components"]}
    for answer in (
        shared.client().get("/api/me"),
        shared.client().post("/api/sign-in/link", json={"token": 5}),
    ):
        jsonschema.validate(answer.json(), schema)


@pytest.fixture(scope="module")
def described(shared):
    """The description as a program reads it, without the route that would end the session in use."""
    read = schemathesis.openapi.from_dict(shared.client().get("/schema").json())
    return read.exclude(operation_id="end_session")


@pytest.fixture(scope="module")
def session(shared):
    cookie = shared.signed_in(Role.OWNER).cookies["goldsmith_session"]
    return {"Cookie": f"goldsmith_session={cookie}", "Origin": shared.url}


@pytest.fixture(scope="module")
def asked(shared, session):
    """Where to ask, and a project with an item, so that routes inside a project get further than its name."""
    schema = {
        "fields": [{"name": "text", "type": "text"}],
        "questions": [
            {
                "type": "choice",
                "name": "tone",
                "label": "Tone",
                "required": True,
                "options": [{"value": "kind", "label": "Kind"}, {"value": "rude", "label": "Rude"}],
            }
        ],
    }
    client = shared.client()
    made = client.post("/api/vaults/acme/projects", json={"name": "Tones", "schema": schema}, headers=session)
    assert made.status_code == 201, made.text
    slug = made.json()["slug"]
    imported = client.post(
        f"/api/vaults/acme/projects/{slug}/items?format=csv",
        content=b"text\nthank you\n",
        headers={**session, "content-type": "text/csv"},
    )
    assert imported.json()["n_accepted"] == 1, imported.text
    return Asked(shared.url, session, slug)


def _point_at_what_exists(case, project):
    """Replace a made-up vault and project by real ones, unless they are what is wrong about the request."""
    component = case.meta.components.get(ParameterLocation.PATH)
    if component is not None and component.mode is GenerationMode.POSITIVE:
        known = {"vault": "acme", "project": project}
        for name in case.path_parameters.keys() & known.keys():
            case.path_parameters[name] = known[name]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_server_keeps_to_its_description(described, asked, mode):
    """Whatever is sent, it answers as described: never with a 500, and never by taking what it should refuse."""
    operations = set()
    for number, found in enumerate(described.get_all_operations()):
        operation = found.ok()

        @seed(number)
        @settings(max_examples=4, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None)
        @given(case=operation.as_strategy(generation_mode=mode))
        def keeps_to_it(case):
            operations.add(case.operation.label)
            _point_at_what_exists(case, asked.project)
            case.call_and_validate(base_url=asked.url, headers=asked.headers, checks=CHECKS)

        with contextlib.suppress(Unsatisfiable):  # a route that takes nothing can be asked nothing wrong
            keeps_to_it()
    assert len(operations) >= (len(ALL_ROUTES) - 1 if mode is GenerationMode.POSITIVE else 6)
