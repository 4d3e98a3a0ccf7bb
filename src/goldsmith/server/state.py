"""What every request may use: the home, the settings, who is known to call, and the job loop's bell."""

import functools
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import msgspec
from litestar import Request
from litestar.datastructures import State

from goldsmith.errors import InputError
from goldsmith.kit.clock import HOUR, MINUTE, Micros
from goldsmith.kit.ids import NewId, Uuid7
from goldsmith.labeling.workbench import Workbenches
from goldsmith.media.model import Limits
from goldsmith.media.rooms import MediaRooms
from goldsmith.people.model import Lifetimes
from goldsmith.server.callers import CallerMemory
from goldsmith.server.limits import SignInLimits
from goldsmith.server.metrics import Metrics
from goldsmith.server.segmenters import SegmenterFiles, find_segmenter
from goldsmith.settings import Settings
from goldsmith.store.homes import Home


class AppRequest(Request[Any, Any, State]):  # Any: a user and an authentication of Litestar's own, not used here
    """A request whose JSON body is decoded strictly into the type that its route takes."""

    async def json(self) -> Any:
        """The body as the route's type; without such a type, as plain values.

        Raises:
            msgspec.ValidationError: it does not fit the type; says where.
            msgspec.DecodeError: it is no JSON.
            InputError: it is not UTF-8, or nested too deeply.
        """
        field = self.route_handler.parsed_data_field
        body = await self.body()
        try:
            return _decoder(object if field is None else field.annotation).decode(body)
        except UnicodeDecodeError as error:
            raise InputError(f"The body is not UTF-8: {error.reason}.") from error
        except RecursionError as error:
            raise InputError("The body is nested too deeply.") from error


@functools.cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


class Jobs(Protocol):
    """Whoever runs jobs and wants to know that there is a new one."""

    def notify(self) -> None:
        """A job was added or should stop: look now."""
        ...


class NobodyRunsJobs:
    """For a server without a job loop: jobs wait."""

    __slots__ = ()

    def notify(self) -> None:
        """Do nothing; jobs stay queued until a job loop opens the home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What every request may use. Made once when the server starts."""

    home: Home
    settings: Settings
    started_at: Micros
    benches: Workbenches
    media: MediaRooms
    jobs: Jobs = field(default_factory=NobodyRunsJobs)
    new_id: NewId = field(default_factory=Uuid7)
    sessions: CallerMemory = field(default_factory=CallerMemory)
    limits: SignInLimits = field(default_factory=SignInLimits)
    metrics: Metrics = field(default_factory=Metrics)
    segmenter: SegmenterFiles | None = None

    @property
    def lifetimes(self) -> Lifetimes:
        """How long sign-ins last, as set."""
        return Lifetimes(
            link=self.settings.sign_in_link_minutes * MINUTE,
            idle=self.settings.session_idle_hours * HOUR,
            session=self.settings.session_hours * HOUR,
        )


def open_services(
    home: Home, settings: Settings, *, jobs: Jobs | None = None, benches: Workbenches | None = None
) -> Services:
    """The services of a server that starts now: all vaults of the home are opened, so that no request waits for it."""
    for slug in home.vault_slugs():
        home.vault(slug)
    return Services(
        home=home,
        settings=settings,
        started_at=home.clock.now(),
        benches=benches or Workbenches(home),
        media=MediaRooms(home, media_limits(settings)),
        jobs=jobs or NobodyRunsJobs(),
        segmenter=find_segmenter(settings.segmenter),
    )


def media_limits(settings: Settings) -> Limits:
    """How large a media file may be, as set."""
    return Limits(max_bytes=settings.media_max_mb << 20, max_pixels=settings.media_max_megapixels * 1_000_000)


def services_of(request: AppRequest) -> Services:
    """The services of the application that answers this request."""
    return cast("Services", request.app.state["services"])
