"""A vault with one project, and short words for what people and programs do in it."""

import uuid
from collections.abc import Iterator
from functools import partial

import msgspec
from sqlalchemy import func, select

from goldsmith.kit.clock import FixedClock
from goldsmith.kit.ids import Uuid7
from goldsmith.labeling.flows import annotations, inference, projects, queue
from goldsmith.labeling.flows.imports import import_rows
from goldsmith.labeling.handover import ImportRow, Inferred, Measured
from goldsmith.labeling.lease_wire import LeaseRequest, NewAnnotation
from goldsmith.labeling.model import Annotator, LoadedProject
from goldsmith.labeling.project_wire import NewProject
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.homes import Home, Vault
from goldsmith.store.tables import vault as tables

SCHEMA = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "choice",
            "name": "mood",
            "label": "How does it sound?",
            "required": True,
            "options": [{"value": value, "label": value.title()} for value in ("good", "bad", "neither")],
        }
    ],
}


class CountingIds:
    """Identifiers that are the same in every run: UUIDv7 in form, counted up."""

    def __init__(self) -> None:
        self._n = 0

    def __call__(self) -> str:
        self._n += 1
        return str(uuid.UUID(int=(0x0190_0000_0000_7000 << 64) | (0b10 << 62) | self._n))


class Lab:
    """One project in one vault."""

    def __init__(self, vault: Vault, clock: FixedClock, *, new_id=None, name: str = "Moods", **policy) -> None:
        self.vault, self.clock = vault, clock
        self.bench = Workbench(vault, new_id or Uuid7())
        new = NewProject(name=name, schema=SCHEMA, policy={"order": "sequence", **policy})
        self.project_id = self.act(projects.create_project, self.bench, new, actor="owner")

    def act(self, flow, *args, **kwargs):
        return self.vault.database.write(lambda unit: flow(unit, *args, **kwargs))

    def read(self, question, *args, **kwargs):
        with self.vault.database.read() as connection:
            return question(connection, *args, **kwargs)

    @property
    def project(self) -> LoadedProject:
        return self.read(self.bench.project, self.project_id)

    def add_items(self, n: int, *, start: int = 0):
        rows = [
            ImportRow(line=i + 1, external_id=f"row-{i:06}", payload={"text": f"text number {i}"})
            for i in range(start, start + n)
        ]
        return import_rows(self.bench, self.project, rows, actor="owner")

    def item_ids(self) -> list[str]:
        items = tables.items.c
        return self.rows(select(items.id).where(items.project_id == self.project_id).order_by(items.position))

    def person(self, name: str) -> str:
        annotator = Annotator(kind="person", name=name)
        return self.act(lambda unit: self.bench.annotator_id(unit.connection, annotator, unit.now))

    def lease(self, person: str, n: int = 1, purpose: str = "label"):
        request = LeaseRequest(n=n, purpose=purpose)
        found = self.act(queue.lease, self.bench, self.project, annotator_id=person, request=request)
        if found.leases or found.empty:
            return found
        asked = {"annotator_id": person, "purpose": purpose, "now": self.clock.now()}
        return msgspec.structs.replace(found, empty=queue.why_empty(self.bench, self.project, **asked))

    def lease_one(self, person: str, purpose: str = "label"):
        (one,) = self.lease(person, purpose=purpose).leases
        return one

    def extend(self, person: str, lease_id: str) -> int:
        return self.act(queue.extend, self.bench, lease_id=lease_id, annotator_id=person)

    def release(self, person: str, lease_id: str) -> None:
        self.act(queue.release, self.bench, lease_id=lease_id, annotator_id=person)

    def annotation(self, item_id: str, answer: str | None = "good", **others) -> NewAnnotation:
        return NewAnnotation(
            **{
                "id": str(uuid.uuid4()),
                "item_id": item_id,
                "answers": {} if answer is None else {"mood": answer},
                "outcome": "skipped" if answer is None else "answered",
                "reason": "unreadable" if answer is None else None,
                "schema_version": 1,
                "guideline_version": 1,
                "policy_version": 1,
                **others,
            }
        )

    def submit(self, person: str, new: NewAnnotation):
        author = annotations.Author(actor=f"actor of {person}", annotator_id=person)
        return self.act(annotations.submit, self.bench, self.project, author=author, new=new)

    def answer(self, person: str, item_id: str, answer: str | None = "good", **others):
        return self.submit(person, self.annotation(item_id, answer, **others))

    def change_policy(self, **policy) -> None:
        loaded = self.project
        self.act(projects.change_policy, loaded, {"order": "sequence", **policy}, actor="owner")
        self.bench.forget_project(loaded)
        projects.requeue(self.bench, self.project_id)

    def infer(self, confidences: dict[str, float | None], *, answer: str = "good", n_answers: int = 1) -> None:
        """Store an inference that found these confidences, by item."""
        taken = inference.snapshot(self.bench, self.project_id)
        found = iter(
            [Inferred(item, "mood", f'"{answer}"', confidences[item], None, n_answers, "majority")]
            for item in sorted(confidences)
        )
        inference.store_inference(self.bench, taken, found, Measured(measures=[], agreement_of={}))

    def let_model_answer(self, name: str, answers: dict[str, str], version: str = "1") -> int:
        annotator = Annotator(kind="model", name=name, version=version)

        def store(unit) -> int:
            author = annotations.Author(
                actor=name, annotator_id=self.bench.annotator_id(unit.connection, annotator, unit.now)
            )
            given = [
                annotations.ModelAnswer(item_id=item, answers={"mood": answer}, payload={})
                for item, answer in answers.items()
            ]
            return annotations.submit_models(
                unit, self.bench, self.project, author=author, annotator=annotator, given=given
            )

        return self.act(store)

    def rows(self, statement) -> list:
        """What a statement gives: scalars when it asks for one column, else tuples."""
        with self.vault.database.read() as connection:
            found = [tuple(row) for row in connection.execute(statement)]
        return [row[0] for row in found] if found and len(found[0]) == 1 else found

    def item(self, item_id: str):
        with self.vault.database.read() as connection:
            return connection.execute(select(tables.items).where(tables.items.c.id == item_id)).mappings().one()

    def count(self, table) -> int:
        return self.rows(select(func.count()).select_from(table))[0]


def opened_home(path, clock: FixedClock, url: str | None) -> Iterator[Home]:
    with Home(path, clock=clock, database_url=url) as home:
        yield home


def payload_of(lease) -> dict:
    return msgspec.json.decode(lease.payload)


def act_later(database, flow, *args, **kwargs):
    """The flow as work that a thread can run."""
    return partial(database.write, lambda unit: flow(unit, *args, **kwargs))
