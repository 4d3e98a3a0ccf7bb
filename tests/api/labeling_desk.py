"""Short words for what people do over HTTP in a project: import, lease, answer, look."""

import json
import uuid

import httpx

SCHEMA = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "choice",
            "name": "mood",
            "label": "How does it sound?",
            "required": True,
            "options": [{"value": value, "label": value.title()} for value in ("good", "bad", "neither")],
        },
        {
            "type": "spans",
            "name": "names",
            "label": "Mark the names",
            "required": False,
            "field": "text",
            "labels": [{"value": "person", "label": "Person"}, {"value": "place", "label": "Place"}],
        },
    ],
}
TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson", "json": "application/json"}


class Desk:
    """One client at work in one project."""

    def __init__(self, client: httpx.Client, project: str, vault: str = "acme") -> None:
        self.client, self.project = client, project
        self.vault_path = f"/api/vaults/{vault}"
        self.path = f"{self.vault_path}/projects/{project}"

    def of(self, client: httpx.Client) -> "Desk":
        """The same project, for somebody else."""
        return Desk(client, self.project, self.vault_path.rpartition("/")[2])

    def send_file(self, content: bytes | str, form: str = "csv", **query) -> httpx.Response:
        raw = content.encode() if isinstance(content, str) else content
        headers = {"content-type": TYPES[form]}
        return self.client.post(f"{self.path}/items", content=raw, headers=headers, params={"format": form, **query})

    def add_texts(self, texts: list[str], *, start: int = 0) -> dict:
        lines = (json.dumps({"id": f"t{i:05}", "text": text}) for i, text in enumerate(texts, start))
        answer = self.send_file("\n".join(lines), "jsonl", id_column="id")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, place: str, **query) -> httpx.Response:
        return self.client.get(f"{self.path}/{place}", params=query)

    def lease(self, n: int = 1, **others) -> httpx.Response:
        return self.client.post(f"{self.path}/leases", json={"n": n, **others})

    def lease_one(self) -> dict:
        (lease,) = self.lease().json()["leases"]
        return lease

    def submit(self, item_id: str, answers: dict | None = None, **others) -> httpx.Response:
        return self.client.post(f"{self.path}/annotations", json=annotation(item_id, answers, **others))

    def items(self, **query) -> list[dict]:
        """All rows of a list, page by page."""
        rows, cursor = [], None
        while True:
            page = self.get("items", **query, **({"cursor": cursor} if cursor else {}))
            assert page.status_code == 200, page.text
            rows += page.json()["rows"]
            cursor = page.json()["next"]
            if cursor is None:
                return rows


def annotation(item_id: str, answers: dict | None = None, **others) -> dict:
    return {
        "id": str(uuid.uuid4()),
        "item_id": item_id,
        "lease_id": None,
        "outcome": "answered",
        "reason": None,
        "answers": {"mood": "good"} if answers is None else answers,
        "active_ms": 1500,
        "schema_version": 1,
        "guideline_version": 1,
        "policy_version": 1,
        "supersedes": None,
        **others,
    }


def new_desk(
    client: httpx.Client, *, name: str = "Moods", vault: str = "acme", schema: dict = SCHEMA, **policy
) -> Desk:
    """A new project, and its desk."""
    made = client.post(f"/api/vaults/{vault}/projects", json={"name": name, "schema": schema, "policy": policy})
    assert made.status_code == 201, made.text
    return Desk(client, made.json()["slug"], vault)


def problem(answer: httpx.Response, status: int, code: str) -> dict:
    """The problem that an answer tells, once it is the one expected."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["detail"]
    assert "\n" not in told["detail"]
    return told
