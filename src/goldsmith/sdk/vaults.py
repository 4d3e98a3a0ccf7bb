"""Everything of one client: its projects, people and jobs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from goldsmith.labeling.project_wire import NewProject, ProjectCard, ProjectFull, ProjectRows
from goldsmith.people.wire import AdmittedView, LinkView, NewPerson, PersonRows, PersonView, RoleChange
from goldsmith.sdk.downloads import download_file
from goldsmith.sdk.projects import Project
from goldsmith.sdk.transport import Transport
from goldsmith.sdk.waiting import OnProgress, wait_for
from goldsmith.sdk.wire import NewJob
from goldsmith.store.jobs import Job, JobPage, JobState
from goldsmith.trust.authorize import Role


class Vault:
    """A client's vault, as far as the token opens it. Made by `Client.vault`."""

    def __init__(self, transport: Transport, slug: str) -> None:
        self._transport = transport
        self.slug = slug
        self._path = f"/api/vaults/{quote(slug, safe='')}"

    def __repr__(self) -> str:
        return f"Vault({self.slug!r})"

    def projects(self) -> list[ProjectCard]:
        """The projects, the newest first, with the numbers of their cards."""
        return self._transport.get(f"{self._path}/projects", ProjectRows).rows

    def project(self, reference: str) -> Project:
        """The project with this id or slug; nothing is asked yet."""
        return Project(self._transport, self._path, reference)

    def create_project(
        self,
        name: str,
        schema: dict[str, Any],  # Any: the schema's JSON, which the server checks
        *,
        guideline: str = "",
        policy: dict[str, Any] | None = None,
    ) -> Project:
        """Make a project.

        Args:
            name: what people call it; its slug is made from it.
            schema: the fields shown and the questions asked.
            guideline: how to answer, in Markdown.
            policy: how many answers, from whom, in which order; safe defaults where it says nothing.

        Raises:
            SchemaError: the schema or the policy is malformed; names the place.

        Example:
            >>> question = {"type": "choice", "name": "mood", "label": "Mood?", "options": [{"value": "good"}]}
            >>> schema = {"fields": [{"name": "text"}], "questions": [question]}
            >>> reviews = vault.create_project("Reviews", schema)  # doctest: +SKIP
        """
        new = NewProject(name=name, schema=schema, guideline=guideline, policy=policy or {})
        made = self._transport.send("POST", f"{self._path}/projects", ProjectFull, body=new, is_repeatable=True)
        return self.project(made.slug)

    def run(self, recipe: str, *, origin: str = "recipe", base: str | None = None) -> Job:
        """Start what a recipe says; `wait` for the job. Only the owner may: it reads the server's files.

        Args:
            recipe: the recipe's YAML.
            origin: what errors call it, such as its file's name.
            base: the folder that relative paths in it start from, on the server's machine; else the home.
        """
        return self._post_job(NewJob(kind="run", recipe=recipe, origin=origin, base=base))

    def refine(self, recipe: str, *, origin: str = "recipe", base: str | None = None) -> Job:
        """Start the refining of a recipe alone; `wait` for the job. Arguments as for `run`."""
        return self._post_job(NewJob(kind="refine", recipe=recipe, origin=origin, base=base))

    def jobs(self, *, state: JobState | None = None) -> Iterator[Job]:
        """The jobs, the newest first, page by page."""
        cursor: str | None = None
        while True:
            page = self._transport.get(f"{self._path}/jobs", JobPage, {"state": state, "cursor": cursor})
            yield from page.rows
            cursor = page.next
            if cursor is None:
                return

    def job(self, job_id: str) -> Job:
        """A job with its progress, and its result or its error."""
        return self._transport.get(self._job_path(job_id), Job)

    def cancel(self, job_id: str) -> Job:
        """Stop a job: a waiting one at once, a running one at its next step."""
        return self._transport.send("POST", f"{self._job_path(job_id)}/cancel", Job)

    def wait(self, job: Job, on_progress: OnProgress | None = None) -> Job:
        """The job once it is done.

        Args:
            job: what to wait for.
            on_progress: called with the job each time it was looked at.

        Raises:
            Cancelled: somebody stopped it.
            GoldsmithError: the error with which it failed.

        Example:
            >>> done = vault.wait(vault.run(text), lambda job: print(job.message))  # doctest: +SKIP
        """
        return wait_for(self._transport, self._job_path(job.id), job, on_progress)

    def people(self) -> list[PersonView]:
        """The people engaged at the client, the first one first."""
        return list(self._transport.get(f"{self._path}/people", PersonRows).rows)

    def add_person(self, name: str, role: Role, *, email: str | None = None) -> AdmittedView:
        """Admit a person, and get the one-time link with which they sign in."""
        new = NewPerson(name=name, role=role, email=email)
        return self._transport.send("POST", f"{self._path}/people", AdmittedView, body=new)

    def set_role(self, person_id: str, role: Role) -> PersonView:
        """Give a person another role."""
        return self._transport.send("PUT", self._person_path(person_id), PersonView, body=RoleChange(role=role))

    def remove_person(self, person_id: str) -> None:
        """End a person's engagement; their answers stay."""
        self._transport.send("DELETE", self._person_path(person_id), type(None))

    def sign_in_link(self, person_id: str) -> str:
        """A new one-time sign-in link for a person, which opens this vault alone."""
        return self._transport.send("POST", f"{self._person_path(person_id)}/sign-in-link", LinkView).sign_in_link

    def download_file(self, sha256: str, path: Path | str) -> None:
        """Fetch an image, audio or PDF file by its digest, the `blob` of an item's value, and check that it is that.

        Raises:
            NotFound: the vault has no such file, or the token's owner may not see it.
            Conflict: something is at `path` already.
            StorageError: the disk refused; nothing is left.
            VerificationError: it arrived otherwise than it was stored; nothing is left.

        Example:
            >>> vault.download_file(item.payload["photo"]["blob"], "photo.jpg")  # doctest: +SKIP
        """
        download_file(self._transport, f"{self._path}/blobs/{quote(sha256, safe='')}", sha256, Path(path))

    def _post_job(self, new: NewJob) -> Job:
        return self._transport.send("POST", f"{self._path}/jobs", Job, body=new, is_repeatable=True)

    def _job_path(self, job_id: str) -> str:
        return f"{self._path}/jobs/{quote(job_id, safe='')}"

    def _person_path(self, person_id: str) -> str:
        return f"{self._path}/people/{quote(person_id, safe='')}"
