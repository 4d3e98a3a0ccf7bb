"""Label Studio: installed into an environment of its own, started as its manual says, driven over its API."""

import os
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec

from benchmarks.connections import Connection
from benchmarks.peers import LABELS, Cycle, Page, Place
from benchmarks.processes import ServerProcess

VERSION = "1.23.2"
CHUNK = 25_000
START_S = 300
PAGE_ROWS = 30
CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text" choice="single">'
    + "".join(f'<Choice value="{label}"/>' for label in LABELS)
    + "</Choices></View>"
)
QUIET = {
    "COLLECT_ANALYTICS": "False",
    "LATEST_VERSION_CHECK": "False",
    "DEBUG": "False",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
}


class LabelStudio:
    """Label Studio with one user for each client and `maximum_annotations` 1.

    Args:
        cache: the folder that keeps the installed environment between runs.
    """

    name = "Label Studio"
    notes = (
        "Label Studio: analytics and version check off, DEBUG off, legacy API tokens (one look-up, no refresh).",
        "Label Studio on SQLite is `label-studio start`: Django's runserver.",
        "The client opens a connection for each request to it: on kept ones runserver answers about 40 ms later.",
        "Label Studio on PostgreSQL is gunicorn, 2 processes of 4 threads, in place of the uWSGI of its image.",
        "Its first page is the 6 calls of its browser app, one after the other; its export says more about each item.",
    )

    _process: ServerProcess | None = None

    def __init__(self, cache: Path) -> None:
        self._programs = cache / f"label-studio-{VERSION}" / "bin"

    def version(self) -> str:
        """The version that is measured."""
        return VERSION

    def start(self, place: Place) -> int:
        """Install if needed, start, and make the project; returns the server's process id."""
        self._install()
        self._base = f"http://127.0.0.1:{place.port}"
        self._port = place.port
        self._token = secrets.token_hex(20)
        environment = self._environment(place)
        command = [str(self._programs / "label-studio"), "start", "--no-browser", "--internal-host", "127.0.0.1"]
        command += ["--port", str(place.port)]
        self._process = ServerProcess(command, folder=place.folder, environment=environment, core=place.core)
        self._process.wait_until_it_answers(f"{self._base}/health", within_s=START_S)
        if place.store == "postgresql":  # the first start made the tables and the user; gunicorn serves from here
            self._process.stop()
            self._process = self._gunicorn(place, environment)
        self._owner = self._http({"Authorization": f"Token {self._token}"})
        made = self._owner.post(
            "/api/projects",
            json={
                "title": "benchmark",
                "label_config": CONFIG,
                "maximum_annotations": 1,
                "sampling": "Sequential sampling",
            },
        )
        self._project: int = made.raise_for_status().json()["id"]
        return self._process.pid

    def load(self, texts: list[str]) -> None:
        """Import the texts in a few large requests."""
        for first in range(0, len(texts), CHUNK):
            tasks = [{"data": {"id": first + i, "text": text}} for i, text in enumerate(texts[first : first + CHUNK])]
            self._owner.post(f"/api/projects/{self._project}/import", json=tasks).raise_for_status()

    def session(self, index: int) -> "LabelStudioSession":
        """A new user, signed up through the invitation link."""
        headers = {"Authorization": f"Token {self._sign_up(index)}"}
        return LabelStudioSession(Connection(self._port, headers, keeps_alive=False), self._project)

    async def first_page(self) -> Page:
        """The six calls of its data manager."""
        project = self._project
        connection = Connection(self._port, {"Authorization": f"Token {self._token}"}, keeps_alive=False)
        parts = ("project", "columns", "views", "actions")
        bodies = [await connection.get(f"/api/projects/{project}")]
        bodies += [await connection.get(f"/api/dm/{part}?project={project}") for part in parts]
        bodies.append(await connection.get(f"/api/tasks?page=1&page_size={PAGE_ROWS}&project={project}"))
        await connection.close()
        rows = msgspec.json.decode(bodies[-1])["tasks"]
        return Page(len(rows), sum(map(len, bodies)), len(bodies))

    def export(self) -> int:
        """The JSON export of all tasks."""
        path = f"/api/projects/{self._project}/export?exportType=JSON&download_all_tasks=true"
        with self._owner.stream("GET", path) as reply:
            reply.raise_for_status()
            return sum(len(chunk) for chunk in reply.iter_raw())

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            self._process.stop()

    def _install(self) -> None:
        stamp = self._programs.parent / "installed"
        if stamp.is_file():
            return
        folder = self._programs.parent
        print(f"Installing Label Studio {VERSION} into {folder} (a few minutes, once)", flush=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(self._programs / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, f"label-studio=={VERSION}", "gunicorn"], check=True)
        stamp.write_text(VERSION)

    def _environment(self, place: Place) -> dict[str, str]:
        account = {
            "LABEL_STUDIO_BASE_DATA_DIR": str(place.folder),
            "LABEL_STUDIO_USERNAME": "benchmark@example.com",
            "LABEL_STUDIO_PASSWORD": secrets.token_urlsafe(12),
            "LABEL_STUDIO_USER_TOKEN": self._token,
            "SECRET_KEY": secrets.token_hex(32),  # else each of its processes signs sessions with a key of its own
        }
        if place.store == "sqlite":
            return QUIET | account
        url = urlsplit(place.database_url)
        database = {
            "DJANGO_DB": "default",
            "POSTGRE_NAME": url.path.lstrip("/"),
            "POSTGRE_USER": url.username or "",
            "POSTGRE_PASSWORD": url.password or "",
            "POSTGRE_HOST": url.hostname or "",
            "POSTGRE_PORT": str(url.port),
        }
        return QUIET | account | database

    def _gunicorn(self, place: Place, environment: dict[str, str]) -> ServerProcess:
        where = [str(self._programs / "python"), "-c", "import label_studio; print(label_studio.__path__[0])"]
        package = subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip()
        django = {"DJANGO_SETTINGS_MODULE": "core.settings.label_studio"}
        command = [str(self._programs / "gunicorn"), "--chdir", package, "--workers", "2", "--threads", "4"]
        command += ["--timeout", "600", "--bind", f"127.0.0.1:{place.port}", "core.wsgi:application"]
        process = ServerProcess(command, folder=place.folder, environment=environment | django, core=place.core)
        process.wait_until_it_answers(f"{self._base}/health", within_s=START_S)
        return process

    def _sign_up(self, index: int) -> str:
        invitation: str = self._owner.get("/api/invite").raise_for_status().json()["invite_url"]
        token = invitation.partition("token=")[2].partition("&")[0]
        path = f"/user/signup/?token={token}"
        with self._http({}) as person:
            page = person.get(path).raise_for_status().text
            csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            if csrf is None:
                raise RuntimeError("Label Studio's sign-up page has no form token.")
            form = {
                "csrfmiddlewaretoken": csrf[1],
                "email": f"annotator-{time.time_ns()}-{index}@example.com",
                "password": secrets.token_urlsafe(12),
                "allow_newsletters": "false",
            }
            done = person.post(path, data=form, headers={"Referer": self._base + path}, follow_redirects=False)
            if done.status_code != httpx.codes.FOUND.value:
                raise RuntimeError(f"Label Studio refused a new user: {done.status_code}.")
            found: str = person.get("/api/current-user/token").raise_for_status().json()["token"]
            return found

    def _http(self, headers: dict[str, str]) -> httpx.Client:
        # A connection for each request, for the reason in `notes`.
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(base_url=self._base, headers=headers, timeout=1800, limits=limits, trust_env=False)


class LabelStudioSession:
    """One user who takes the next task and answers it."""

    def __init__(self, connection: Connection, project: int) -> None:
        self._connection = connection
        self._next = f"/api/projects/{project}/next"

    async def cycle(self, label: str) -> Cycle:
        """Take the next task and answer it."""
        started = time.perf_counter()
        task = msgspec.json.decode(await self._connection.get(self._next))["id"]
        leased = time.perf_counter()
        choice = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
        await self._connection.post(f"/api/tasks/{task}/annotations/", {"lead_time": 1.5, "result": [choice]})
        return Cycle(leased - started, time.perf_counter() - leased, str(task))

    async def close(self) -> None:
        """Leave."""
        await self._connection.close()


def default_cache() -> Path:
    """Where environments of peers are kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "goldsmith" / "benchmarks"
