"""The permission matrix: every route, asked by every role, by a stranger and by nobody."""

import itertools
from enum import Enum

import pytest

from goldsmith.server.routes import ALL_ROUTES
from goldsmith.trust.authorize import Action, Role, authorize


class Rule(Enum):
    """What a route outside the vaults asks of its caller."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    SESSION = "signed in in a browser"
    LOOPBACK = "a program on this machine, or an owner"


VAULT = "/api/vaults/{vault:str}"
PROJECT = VAULT + "/projects/{project:str}"
RULES = {
    "POST /api/sign-in/link": Rule.ANYBODY,
    "POST /api/sign-in/password": Rule.ANYBODY,
    "POST /api/sign-out": Rule.ANYBODY,
    "GET /healthz": Rule.ANYBODY,
    "GET /metrics": Rule.LOOPBACK,
    "GET /api/question-types": Rule.ANYBODY,
    "GET /api/me": Rule.SIGNED_IN,
    "PUT /api/me/password": Rule.SESSION,
    "PUT /api/me/preferences": Rule.SESSION,
    "GET /api/segmenter/{name:path}": Rule.SIGNED_IN,
    "GET /api/tokens": Rule.SESSION,
    "POST /api/tokens": Rule.SESSION,
    "DELETE /api/tokens/{token_id:str}": Rule.SESSION,
    f"GET {VAULT}/people": Action.VIEW_PEOPLE,
    f"POST {VAULT}/people": Action.MANAGE_PEOPLE,
    f"PUT {VAULT}/people/{{person_id:str}}": Action.MANAGE_PEOPLE,
    f"DELETE {VAULT}/people/{{person_id:str}}": Action.MANAGE_PEOPLE,
    f"POST {VAULT}/people/{{person_id:str}}/sign-in-link": Action.MANAGE_PEOPLE,
    f"GET {VAULT}/outbox-key": Action.ANSWER,
    f"GET {VAULT}/projects": Action.VIEW_PROJECT,
    f"POST {VAULT}/projects": Action.CREATE_PROJECT,
    f"GET {PROJECT}": Action.VIEW_PROJECT,
    f"PUT {PROJECT}/schema": Action.EDIT_PROJECT,
    f"POST {PROJECT}/schema/preview": Action.EDIT_PROJECT,
    f"GET {PROJECT}/schema/{{version:int}}": Action.VIEW_PROJECT,
    f"POST {VAULT}/schemas/check": Action.CREATE_PROJECT,
    f"PUT {PROJECT}/guideline": Action.EDIT_PROJECT,
    f"GET {PROJECT}/guideline/{{version:int}}": Action.VIEW_PROJECT,
    f"PUT {PROJECT}/policy": Action.EDIT_PROJECT,
    f"GET {PROJECT}/progress": Action.VIEW_PROJECT,
    f"POST {PROJECT}/audit": Action.EDIT_PROJECT,
    f"GET {PROJECT}/quality": Action.VIEW_ALL_ANNOTATIONS,
    f"GET {PROJECT}/known-answers": Action.VIEW_ALL_ANNOTATIONS,
    f"POST {PROJECT}/known-answers": Action.EDIT_PROJECT,
    f"PUT {PROJECT}/items/{{item_id:str}}/known-answers": Action.EDIT_PROJECT,
    f"DELETE {PROJECT}/items/{{item_id:str}}/known-answers": Action.EDIT_PROJECT,
    f"POST {VAULT}/imports/guess": Action.IMPORT_ITEMS,
    f"POST {PROJECT}/items": Action.IMPORT_ITEMS,
    f"POST {PROJECT}/files": Action.IMPORT_ITEMS,
    f"POST {VAULT}/blobs": Action.IMPORT_ITEMS,
    f"GET {VAULT}/blobs/{{sha256:str}}": Action.VIEW_PROJECT,
    f"HEAD {VAULT}/blobs/{{sha256:str}}": Action.VIEW_PROJECT,
    f"GET {VAULT}/blobs/{{sha256:str}}/thumbnail": Action.VIEW_PROJECT,
    f"GET {VAULT}/blobs/{{sha256:str}}/tiles/{{level:int}}/{{x:int}}/{{y:int}}": Action.VIEW_PROJECT,
    f"GET {VAULT}/blobs/{{sha256:str}}/peaks": Action.VIEW_PROJECT,
    f"GET {VAULT}/blobs/{{sha256:str}}/pages/{{page:str}}": Action.VIEW_PROJECT,
    f"GET {VAULT}/blobs/{{sha256:str}}/pages/{{page:str}}/text": Action.VIEW_PROJECT,
    f"GET {PROJECT}/items": Action.VIEW_ITEMS,
    f"GET {PROJECT}/items/{{item_id:str}}": Action.VIEW_PROJECT,
    f"GET {PROJECT}/items/{{item_id:str}}/history": Action.VIEW_ALL_ANNOTATIONS,
    f"GET {PROJECT}/filter-names": Action.VIEW_ITEMS,
    f"GET {PROJECT}/item-views": Action.VIEW_ITEMS,
    f"POST {PROJECT}/item-views": Action.VIEW_ITEMS,
    f"PUT {PROJECT}/item-views/{{view_id:str}}": Action.VIEW_ITEMS,
    f"DELETE {PROJECT}/item-views/{{view_id:str}}": Action.VIEW_ITEMS,
    f"GET {PROJECT}/bulk-actions": Action.VIEW_ITEMS,
    f"POST {PROJECT}/bulk-actions": Action.EDIT_PROJECT,
    f"POST {PROJECT}/bulk-actions/{{bulk_id:str}}/undo": Action.EDIT_PROJECT,
    f"GET {PROJECT}/export.jsonl": Action.VIEW_ALL_ANNOTATIONS,
    f"POST {PROJECT}/leases": Action.ANSWER,
    f"POST {VAULT}/leases/{{lease_id:str}}/heartbeat": Action.ANSWER,
    f"DELETE {VAULT}/leases/{{lease_id:str}}": Action.ANSWER,
    f"POST {PROJECT}/annotations": Action.ANSWER,
    f"GET {PROJECT}/my-annotations": Action.VIEW_OWN_WORK,
    f"POST {PROJECT}/reviews": Action.ANSWER,  # and then the policy says whether annotators review too
    f"GET {PROJECT}/reviews": Action.VIEW_ALL_ANNOTATIONS,
    f"GET {PROJECT}/my-reviews": Action.VIEW_OWN_WORK,
    f"GET {PROJECT}/items/{{item_id:str}}/threads": Action.VIEW_PROJECT,
    f"POST {PROJECT}/items/{{item_id:str}}/threads": Action.COMMENT,
    f"GET {PROJECT}/threads": Action.VIEW_PROJECT,
    f"POST {PROJECT}/threads/{{thread_id:str}}/comments": Action.COMMENT,
    f"PUT {PROJECT}/threads/{{thread_id:str}}": Action.COMMENT,
    f"POST {PROJECT}/items/{{item_id:str}}/contests": Action.COMMENT,
    f"GET {PROJECT}/contests": Action.VIEW_PROJECT,
    f"GET {PROJECT}/my-gold": Action.VIEW_OWN_WORK,
    f"PUT {PROJECT}/pause": Action.EDIT_PROJECT,
    f"PUT {PROJECT}/routing": Action.EDIT_PROJECT,
    f"PUT {PROJECT}/items/{{item_id:str}}/assignment": Action.EDIT_PROJECT,
    f"POST {PROJECT}/items/{{item_id:str}}/release": Action.EDIT_PROJECT,
    f"GET {PROJECT}/leases": Action.VIEW_ALL_ANNOTATIONS,
    f"GET {PROJECT}/items/{{item_id:str}}/why": Action.VIEW_PROJECT,
    f"GET {VAULT}/jobs": Action.VIEW_JOBS,
    f"GET {VAULT}/jobs/{{job_id:str}}": Action.VIEW_JOBS,
    f"POST {VAULT}/jobs": Action.MANAGE_PEOPLE,  # a recipe reads files of the machine, so the owner alone may run one
    f"POST {VAULT}/jobs/{{job_id:str}}/cancel": Action.CANCEL_JOBS,
    f"POST {PROJECT}/infer": Action.RUN_JOBS,
    f"POST {PROJECT}/annotate": Action.RUN_JOBS,
    f"POST {PROJECT}/releases": Action.MAKE_RELEASE,
    f"GET {PROJECT}/releases": Action.READ_RELEASE,
    f"GET {PROJECT}/releases/{{version:str}}": Action.READ_RELEASE,
    f"GET {PROJECT}/releases/{{version:str}}/files/{{name:path}}": Action.READ_RELEASE,
    f"GET {PROJECT}/releases/{{version:str}}/items.csv": Action.READ_RELEASE,
    f"GET {VAULT}/refine-reports": Action.VIEW_JOBS,
    f"GET {VAULT}/refine-reports/{{name:str}}/report.html": Action.VIEW_JOBS,
    f"GET {VAULT}/log/checkpoint": Action.READ_LOG,
}
ROUTES = sorted(
    f"{method} {path}" for handler in ALL_ROUTES for method in handler.http_methods for path in handler.paths
)
IN_VAULTS = [route for route in ROUTES if isinstance(RULES.get(route), Action)]
OWN = [route for route in ROUTES if RULES.get(route) in {Rule.SIGNED_IN, Rule.SESSION}]
FILLED = {
    "{project:str}": "nothing",
    "{person_id:str}": "nobody",
    "{token_id:str}": "none",
    "{item_id:str}": "none",
    "{lease_id:str}": "none",
    "{view_id:str}": "none",
    "{bulk_id:str}": "none",
    "{thread_id:str}": "none",
    "{job_id:str}": "none",
    "{version:str}": "v1",
    "{version:int}": "1",
    "{sha256:str}": "0" * 64,
    "{level:int}": "0",
    "{x:int}": "0",
    "{y:int}": "0",
    "{page:str}": "1",
    "{name:str}": "none",
    "{name:path}": "manifest.json",
}


def test_every_route_has_a_rule_and_every_rule_a_route():
    assert sorted(RULES) == ROUTES


@pytest.fixture(scope="module")
def described(shared):
    return shared.client().get("/schema").json()


@pytest.fixture(scope="module")
def sessions(shared):
    """Somebody signed in in every role, at the client."""
    return {role: shared.signed_in(role) for role in Role}


@pytest.fixture(scope="module")
def stranger(shared):
    """The owner of another client."""
    return shared.signed_in(Role.OWNER, "globex")


@pytest.fixture(scope="module")
def programs(shared, sessions):
    """An API token of every role that makes tokens; an auditor's is made by a manager."""
    makers = {**sessions, Role.AUDITOR: sessions[Role.MANAGER]}
    wanted = {"name": "matrix", "vault": "acme", "expires_in_days": 1}
    made = {role: makers[role].post("/api/tokens", json={**wanted, "role": role}).json()["token"] for role in Role}
    return {role: shared.client(bearer=token) for role, token in made.items()}


def _ask(client, described, route, vault="acme"):
    """Ask a route with the least body that its description allows."""
    method, path = route.split()
    for name, value in {**FILLED, "{vault:str}": vault}.items():
        path = path.replace(name, value)
    operation = described["paths"][_described_path(route)][method.lower()]
    if "requestBody" not in operation:
        kind = {"content-type": "text/csv"} if method == "POST" else {}
        return client.request(method, path, headers=kind, content=b"a\n1\n" if kind else None)
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return client.request(method, path, json=_least(schema, described))


def _described_path(route):
    return route.split()[1].replace(":str}", "}").replace(":path}", "}").replace(":int}", "}")


def _least(schema, described):
    """The smallest value that fits a JSON schema of this API."""
    if "$ref" in schema:
        return _least(described["components"]["schemas"][schema["$ref"].rpartition("/")[2]], described)
    if "oneOf" in schema or "anyOf" in schema:
        return _least((schema.get("oneOf") or schema["anyOf"])[0], described)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: _least(schema["properties"][name], described) for name in schema.get("required", ())}
        case "string":
            return "x" * schema.get("minLength", 1)
        case "integer" | "number":
            return int(schema.get("minimum", 1))
        case "boolean":
            return False
        case "array":
            return [_least(schema["items"], described)] * schema.get("minItems", 0)
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize("route", IN_VAULTS)
def test_a_role_does_what_it_may_and_nothing_else(described, sessions, programs, route):
    for clients, role in itertools.product((sessions, programs), Role):
        answer = _ask(clients[role], described, route)
        if authorize(role, RULES[route]):
            assert answer.status_code not in {401, 403}, (role, answer.text)
            assert "no such vault" not in answer.text, (role, answer.text)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (role, answer.text)


@pytest.mark.parametrize("route", IN_VAULTS)
def test_another_clients_vault_looks_like_one_that_is_not_there(described, sessions, stranger, route):
    foreign = _problem(_ask(stranger, described, route))
    missing = _problem(_ask(sessions[Role.OWNER], described, route, vault="nothing"))
    assert foreign["status"] == missing["status"] == 404
    assert foreign.pop("request_id") != missing.pop("request_id")
    assert foreign == missing


def _problem(answer):
    """What a refusal says; of one without a body, its status."""
    if answer.request.method == "HEAD":
        return {"status": answer.status_code, "request_id": object(), "code": "unauthenticated"}
    return answer.json()


@pytest.mark.parametrize("route", [*IN_VAULTS, *OWN])
def test_nobody_gets_in(shared, described, route):
    for vault in ("acme", "nothing"):
        answer = _ask(shared.client(), described, route, vault=vault)
        assert (answer.status_code, _problem(answer)["code"]) == (401, "unauthenticated"), answer.text


@pytest.mark.parametrize("route", OWN)
def test_ones_own_account_is_for_those_signed_in(described, sessions, programs, route):
    for role in Role:
        assert _ask(sessions[role], described, route).status_code != 401
        is_refused = _ask(programs[role], described, route).status_code == 403
        assert is_refused is (RULES[route] is Rule.SESSION)
