"""A home in which every page of the app has something to show, for the tests that visit all of them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import soundfile
from browser_lab import DELIVERY, PRODUCT, SCHEMA, VAULT, Served, reviews, truth_of
from PIL import Image

from goldsmith import Client
from goldsmith.labeling.lease_wire import Lease
from goldsmith.refine import Places, load_recipe, refine
from goldsmith.sdk import Project
from goldsmith.trust.authorize import Role

LABELS = [{"value": "one", "label": "One"}, {"value": "two", "label": "Two"}]
TEXT = {
    "photo": "A sentence about Ada Lovelace, who met Charles Babbage in London.",
    "right_to_left": "وصل الطرد The parcel متأخرا",
}
SALES = [["city", "price"], ["Rome", "-4"], ["Oslo", "7"]]
CHAT = [{"role": "user", "content": "Where is it?"}, {"role": "assistant", "content": "In Bonn."}]
CRITERIA = [
    {"name": "safe", "label": "Gives no dangerous advice", "kind": "gate"},
    {"name": "whole", "label": "Names all three causes", "weight": 3, "levels": 3},
]
Question = dict[str, Any]


def _asked(kind: str, **more: object) -> Question:
    return {"type": kind, "name": kind, "label": f"What about {kind.replace('_', ' ')}?", **more}


def _field(kind: str) -> dict[str, str]:
    return {"name": kind, "type": kind}


# The editors, a project for each kind of content: its fields and its questions.
DESKS: dict[str, tuple[list[dict[str, str]], list[Question]]] = {
    "images": (
        [_field("image")],
        [_asked(kind, field="image", labels=LABELS) for kind in ("boxes", "polygons", "masks")]
        + [_asked("keypoints", field="image", labels=LABELS, points=LABELS, edges=[["one", "two"]])],
    ),
    "sounds": ([_field("audio")], [_asked("audio_regions", field="audio", labels=LABELS, transcript=True)]),
    "documents": ([_field("pdf")], [_asked("document_regions", field="pdf", labels=LABELS)]),
    "tables": ([_field("table")], [_asked("table_cells", field="table", labels=LABELS)]),
    "texts": (
        [_field("text")],
        [
            _asked("spans", field="text", labels=LABELS),
            _asked("relations", spans="spans", labels=LABELS),
            _asked("text_edit", field="text"),
            _asked("choices", options=LABELS),
        ],
    ),
    "verdicts": (
        [{"name": "first", "type": "markdown"}, {"name": "second", "type": "markdown"}, _field("chat")],
        [
            _asked("comparison", a="first", b="second", strength=3, acceptability=True),
            _asked("rating"),
            _asked("ranking", options=LABELS),
            _asked("best_worst", options=[*LABELS, {"value": "three", "label": "Three"}]),
            _asked("messages", field="chat", ask=[_asked("rating")]),
            _asked("rubric", criteria=CRITERIA),
            _asked("rubric_authoring", min_criteria=2),
            _asked("number"),
            _asked("date"),
        ],
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """What a test needs to know of the home: an item of the project *Reviews*, and the ways in for others."""

    item: str
    annotator_link: str
    manager_link: str


def fill(served: Served) -> Filled:
    """Fills the home."""
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        policy = {"review": "all", "overlap": 2, "adjudicate_share": 1.0, "order": "sequence", "gold_feedback": True}
        guideline = "## What counts\n\nWhat the text **is about**, not the stars."
        project = vault.create_project("Reviews", SCHEMA, policy=policy, guideline=guideline)
        project.import_rows(reviews(40, np.random.default_rng(1)), id_column="id")
        people = [vault.add_person(name, Role.ANNOTATOR).sign_in_link for name in ("Ana", "Bo")]
        items = [row.id for row in project.items()][:6]
        for nth, link in enumerate(people):
            _answer(served, link, project, items[nth:], about=(DELIVERY, PRODUCT)[nth])
        (lease,) = project.lease_reviews().leases
        project.accept(lease, lease.answers[0])
        leases = project.lease(10).leases
        for lease in leases:
            project.submit(lease, {"about": truth_of(bytes(lease.payload).decode())})
        project.annotate([{"text-classifier": {"question": "about", "text_field": "review"}}])
        project.infer()
        project.release()
        _contest(project, leases[0], items[3])
        files = _sent(served)
        texts = {
            "text": " ".join(TEXT.values()),
            "table": SALES,
            "chat": CHAT,
            "first": "It **rains**.",
            "second": "It pours.",
        }
        for slug, (fields, questions) in DESKS.items():
            desk = vault.create_project(slug.capitalize(), {"fields": fields, "questions": questions})
            row = {field["name"]: (files | texts)[field["name"]] for field in fields}
            assert desk.import_rows([{"id": "r1", **row}, {"id": "r2", **row}], id_column="id").n_accepted == 2
        _refine(served.home / "vaults" / VAULT / "corpora")
        links = [vault.add_person(role.capitalize(), role).sign_in_link for role in (Role.ANNOTATOR, Role.MANAGER)]
        return Filled(item=items[0], annotator_link=links[0], manager_link=links[1])


def _refine(corpora: Path) -> None:
    """A report of refining, where the command line puts it."""
    (corpora / "in").mkdir(parents=True)
    (corpora / "in" / "a.txt").write_text("A page of words that says something. " * 9)
    recipe = "goldsmith: 1\nname: web\nsource: [{kind: files, paths: [in]}]\nstages: [decode, repair]\n"
    places = Places(base=corpora, doc_folders=(), packages=lambda: ())
    refine(load_recipe(recipe, origin="web.yaml"), corpora / "web", places=places)


def _answer(served: Served, link: str, project: Project, items: Sequence[str], *, about: str) -> None:
    """Answers as this person, through the interface that the app itself uses."""
    versions = {f"{kind}_version": 1 for kind in ("schema", "guideline", "policy")}
    with httpx.Client(base_url=served.url, headers={"origin": served.url}, timeout=60) as client:
        client.post("/api/sign-in/link", json={"token": link.partition("#")[2]}).raise_for_status()
        for item in items:
            sent = {"id": str(uuid.uuid4()), "item_id": item, "answers": {"about": about}, **versions}
            path = f"/api/vaults/{VAULT}/projects/{project.reference}/annotations"
            client.post(path, json=sent).raise_for_status()


def _contest(project: Project, own: Lease, item: str) -> None:
    """Something is known of what the owner has answered otherwise; and gold that they hold to be wrong."""
    about = truth_of(bytes(own.payload).decode())
    names = {row.id: row.external_id for row in project.items()}
    wrong = {"about": DELIVERY if about == PRODUCT else PRODUCT}
    project.give_gold([(own.external_id, wrong), (names[item], {"about": PRODUCT})], note="From the handbook.")
    project.contest(item, "It is about the courier.")


def _sent(served: Served) -> dict[str, object]:
    """What the server says of a picture, a sound and a document that were sent to it."""
    picture, sound, paper = BytesIO(), BytesIO(), BytesIO()
    Image.fromarray(np.tile(np.arange(200, dtype=np.uint8), (150, 1))).save(picture, "PNG")
    Image.new("RGB", (300, 400), "white").save(paper, "PDF")
    soundfile.write(sound, np.sin(np.arange(16_000) / 5).astype(np.float32) / 2, 8_000, format="WAV")
    headers = {"Authorization": f"Bearer {served.token()}", "Content-Type": "application/octet-stream"}
    with httpx.Client(headers=headers, timeout=60) as client:
        address = f"{served.url}/api/vaults/{VAULT}/blobs"
        files = {"image": ("a.png", picture), "audio": ("a.wav", sound), "pdf": ("a.pdf", paper)}
        return {
            kind: client.post(address, params={"name": name}, content=made.getvalue()).raise_for_status().json()
            for kind, (name, made) in files.items()
        }
