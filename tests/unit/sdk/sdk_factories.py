"""A server that answers what a test says, and the JSON of common answers."""

from collections.abc import Callable

import httpx
import msgspec

from goldsmith.sdk import Client

VAULT = "/api/vaults/default"
PROJECT = f"{VAULT}/projects/reviews"

Handler = Callable[[httpx.Request], httpx.Response]


def client_of(handler: Handler, naps: list[float] | None = None) -> Client:
    """A client whose requests `handler` answers, and whose waits end at once."""
    waited = [] if naps is None else naps
    return Client("http://server.test", "gsm_api_x", transport=httpx.MockTransport(handler), sleep=waited.append)


def answer(value: object, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=msgspec.json.encode(value), headers={"content-type": "application/json"})


def problem(code: str, detail: str, status: int, hint: str | None = None) -> httpx.Response:
    body = {"type": "x", "title": "x", "status": status, "detail": detail, "code": code, "hint": hint}
    headers = {"content-type": "application/problem+json"}
    return httpx.Response(status, content=msgspec.json.encode(body), headers=headers)


def job_json(state: str = "done", **fields: object) -> dict[str, object]:
    return {
        "id": "j1",
        "kind": "release",
        "title": "release Reviews",
        "project_id": "p1",
        "state": state,
        "done": 0,
        "total": None,
        "message": "",
        "result": None,
        "error": None,
        "created_at": 0,
        "started_at": None,
        "finished_at": None,
        **fields,
    }


def lease_json() -> dict[str, object]:
    return {
        "id": "l1",
        "item_id": "i1",
        "external_id": "e1",
        "leased_until": 1,
        "payload": {"text": "hello"},
        "schema_version": 1,
        "guideline_version": 1,
        "policy_version": 1,
        "why": {"text": "", "n_answers": 0, "confidence": None},
        "suggestions": [],
    }


def receipt_json(annotation_id: str) -> dict[str, object]:
    return {
        "annotation_id": annotation_id,
        "item_id": "i1",
        "content_sha256": "0" * 64,
        "leaf_seq": 0,
        "leaf_hash": "0" * 64,
        "stored_at": 0,
        "is_late": False,
        "is_duplicate": False,
        "log_origin": "x",
        "signature": "x",
        "key_id": "x",
    }


def item_row_json(number: int) -> dict[str, object]:
    return {
        "id": f"i{number}",
        "external_id": f"e{number}",
        "title": "t",
        "position": number,
        "n_people": 0,
        "n_models": 0,
        "confidence": None,
        "consensus": None,
        "is_contested": False,
        "is_certain": False,
        "is_open": True,
        "wanted": 1,
        "tags": [],
        "aside": None,
        "updated_at": 0,
    }
