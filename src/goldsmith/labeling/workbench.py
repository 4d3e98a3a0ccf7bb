"""A vault opened for work: the parsed projects, the known annotators and each annotator's place in the queue.

All of it can be lost at any time: it only saves reading and parsing the same rows again. It is valid because a home is
owned by one process, which tells it of every change.
"""

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.kit.ids import NewId, Uuid7
from goldsmith.labeling.model import Annotator, LoadedProject
from goldsmith.labeling.policies import Policy
from goldsmith.labeling.store import annotators, projects, qualities
from goldsmith.labeling.tallies import Tallies
from goldsmith.store.homes import Home, Vault
from goldsmith.tasks.schemas import Schema, parse_schema

if TYPE_CHECKING:
    from goldsmith.quality.routing.judges import Judge

START = (-(2**62), "")
_PLACE_LIFE_MICROS = 30_000_000  # after this the front of the queue is looked at again


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    rank: int
    item_id: str
    until: int
    epoch: int


class Workbench:
    """The caches of one vault."""

    def __init__(self, vault: Vault, new_id: NewId | None = None) -> None:
        self.vault = vault
        self.new_id = new_id or Uuid7()
        self.tallies = Tallies()
        self._lock = threading.Lock()
        self._round = 0
        self._projects: dict[str, LoadedProject] = {}
        self._schemas: dict[tuple[str, int], Schema] = {}
        self._annotators: dict[Annotator, str] = {}
        self._places: dict[tuple[str, str], _Place] = {}
        self._epochs: dict[str, int] = {}
        self._judges: dict[str, dict[str, Judge]] = {}

    def known_project(self, reference: str) -> LoadedProject | None:
        """The project with this id or slug, if it was loaded before and has not changed since."""
        return self._projects.get(reference)

    def project(self, connection: Connection, reference: str) -> LoadedProject:
        """The project with this id or slug. Ask before anything else in a transaction, so that it is not an old one.

        Raises:
            NotFound: there is none.
        """
        found = self._projects.get(reference)
        if found is None:
            begun_in = self._round
            found = _load(connection, projects.find_project(connection, reference))
            with self._lock:
                if self._round == begun_in:  # else it was changed while we read
                    self._projects[found.id] = self._projects[found.slug] = found
        return found

    def peek_project(self, connection: Connection, reference: str) -> LoadedProject:
        """The project as a unit of work sees it; what that read is not kept, since it may never be committed.

        Raises:
            NotFound: there is none.
        """
        found = self._projects.get(reference)
        return found or _load(connection, projects.find_project(connection, reference))

    def schema(self, connection: Connection, project: LoadedProject, version: int) -> Schema:
        """One version of a project's schema.

        Raises:
            NotFound: the project has no such version.
        """
        if version == project.schema_version:
            return project.schema
        key = (project.id, version)
        if key not in self._schemas:
            body = projects.document(connection, project.id, "schema", version)
            self._schemas[key] = parse_schema(msgspec.json.decode(body))
        return self._schemas[key]

    def forget_project(self, project: LoadedProject) -> None:
        """Read the project again at its next use; the queue starts from its front. Call it after the commit."""
        self.forget(project.id)

    def forget(self, project_id: str) -> None:
        """Read the project with this id again at its next use."""
        with self._lock:
            self._round += 1
            found = self._projects.pop(project_id, None)
            if found is not None:
                self._projects.pop(found.slug, None)
        self.restart_queue(project_id)

    def judges(self, connection: Connection, project_id: str) -> dict[str, "Judge"]:
        """What foresees what an answer does to its item, by question, from the last inference; empty before it."""
        found = self._judges.get(project_id)
        if found is None:
            begun_in, packed = self._round, qualities.live_models(connection, project_id)
            found = {}
            if packed is not None:
                from goldsmith.quality.routing.judges import Judge  # noqa: PLC0415 - loads numpy, a sixth of a second

                models = msgspec.json.decode(packed, type=dict[str, dict[str, Any]])
                found = {name: Judge.unpacked(model) for name, model in models.items()}
            with self._lock:
                if self._round == begun_in:
                    self._judges[project_id] = found
        return found

    def forget_judges(self, project_id: str) -> None:
        """Read them again at the next use. Call it after the commit."""
        with self._lock:
            self._round += 1
            self._judges.pop(project_id, None)

    def annotator_id(self, connection: Connection, annotator: Annotator, now: int) -> str:
        """The id of an annotator, made at first use inside a unit of work."""
        found = self._annotators.get(annotator)
        if found is None:
            found = annotators.ensure_annotator(connection, annotator, now=now, new_id=self.new_id)
        return found

    def known_annotator(self, annotator: Annotator) -> str | None:
        """The id of an annotator that is known to be committed."""
        return self._annotators.get(annotator)

    def remember_annotator(self, annotator: Annotator, annotator_id: str) -> None:
        """Keep an id that is known to be committed."""
        self._annotators[annotator] = annotator_id

    def place(self, project_id: str, annotator_id: str, now: int) -> tuple[int, str]:
        """Where in the queue this annotator goes on looking: after the item taken last, for half a minute."""
        place = self._places.get((project_id, annotator_id))
        if place is None or place.until < now or place.epoch != self._epochs.get(project_id, 0):
            return START
        return place.rank, place.item_id

    def move_place(self, project_id: str, annotator_id: str, place: tuple[int, str] | None, now: int) -> None:
        """Go on after `place` next time, or from the front when it is None."""
        key = (project_id, annotator_id)
        if place is None:
            self._places.pop(key, None)
            return
        before = self._places.get(key)
        is_same_walk = before is not None and before.until >= now
        until = before.until if before is not None and is_same_walk else now + _PLACE_LIFE_MICROS
        self._places[key] = _Place(rank=place[0], item_id=place[1], until=until, epoch=self._epochs.get(project_id, 0))

    def restart_queue(self, project_id: str) -> None:
        """Make everybody look from the front, and count anew: the order or the wants have changed."""
        self.look_again(project_id)
        self.tallies.forget(project_id)

    def look_again(self, project_id: str) -> None:
        """Make everybody look from the front of the queue: something in it is free again."""
        self._epochs[project_id] = self._epochs.get(project_id, 0) + 1


def _load(connection: Connection, row: RowMapping) -> LoadedProject:
    bodies = {
        kind: projects.document(connection, row["id"], kind, row[f"{kind}_version"])
        for kind in ("schema", "guideline", "policy")
    }
    return LoadedProject(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        state=row["state"],
        created_at=row["created_at"],
        schema_version=row["schema_version"],
        guideline_version=row["guideline_version"],
        policy_version=row["policy_version"],
        schema=parse_schema(msgspec.json.decode(bodies["schema"])),
        guideline=bodies["guideline"],
        policy=msgspec.json.decode(bodies["policy"], type=Policy),
        recipe_lock=row["recipe_lock"],
        is_paused=bool(row["is_paused"]),
        number=row["number"],
    )


class Workbenches:
    """The workbench of each vault of a home, made at first use and shared by the server and the job loop."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._benches: dict[str, Workbench] = {}

    def of(self, slug: str) -> Workbench:
        """The workbench of a vault.

        Raises:
            NotFound: there is no such vault.
        """
        with self._lock:
            if slug not in self._benches:
                self._benches[slug] = Workbench(self._home.vault(slug))
            return self._benches[slug]
