"""Remembers what sites say about their pages, as it is met in an archive, and tells it of the pages that follow."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from goldsmith.refine.addresses import Address
from goldsmith.refine.usage.robots import MAX_BYTES, Group, blocked_agents, fits, parse_robots, usage_for_all

MAX_SITES = 20_000
"""The sites that are remembered; of more, the oldest is forgotten. Archives keep the pages of a site together."""

_ROBOTS, _AI, _RESERVATIONS = "/robots.txt", "/ai.txt", "/.well-known/tdmrep.json"
FILES = frozenset({_ROBOTS, _AI, _RESERVATIONS})
"""The paths of the files that say something."""


class _Reservation(NamedTuple):
    """What a site says about text and data mining under a path."""

    location: str
    reservation: str
    policy: str


class _Site(NamedTuple):
    robots: tuple[Group, ...] = ()
    ai: tuple[Group, ...] = ()
    reservations: tuple[_Reservation, ...] = ()


class Sites:
    """What is known so far about the sites of an archive."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str, _Site] = {}

    def note(self, address: Address, raw: bytes) -> None:
        """Remember a file of a site, if it is one of `FILES`; what cannot be read says nothing."""
        name = _name(address)
        site = self._known.pop(name, _Site())
        match address.path:
            case "/robots.txt":
                site = site._replace(robots=parse_robots(raw))
            case "/ai.txt":
                site = site._replace(ai=parse_robots(raw))
            case _:
                site = site._replace(reservations=tuple(_reservations(raw)))
        self._known[name] = site
        if len(self._known) > MAX_SITES:
            del self._known[next(iter(self._known))]

    def said_of(self, address: Address) -> Mapping[str, str]:
        """What the site of a page says about it, as far as it was met: only what is there."""
        site = self._known.get(_name(address))
        if site is None:
            return {}
        path = f"{address.path or '/'}{'' if address.query is None else f'?{address.query}'}"
        reserved = next((each for each in site.reservations if fits(each.location, path)), None)
        said = {
            "robots_txt_blocks": ", ".join(blocked_agents(site.robots, path)),
            "robots_txt_usage": "\n".join(usage_for_all(site.robots)),
            "ai_txt_blocks": ", ".join(blocked_agents(site.ai, path)),
            "tdmrep_reservation": reserved.reservation if reserved else "",
            "tdmrep_policy": reserved.policy if reserved else "",
        }
        return {name: value for name, value in said.items() if value}


def _name(address: Address) -> str:
    return f"{address.host}:{address.port or ''}"


def _reservations(raw: bytes) -> Iterator[_Reservation]:
    """The entries of a `tdmrep.json` (TDM Reservation Protocol, section 6.1), of which the first that fits counts."""
    try:
        entries = msgspec.json.decode(raw[:MAX_BYTES], type=list[dict[str, object]])
    except msgspec.MsgspecError:
        return
    for entry in entries:
        location, policy = entry.get("location"), entry.get("tdm-policy")
        if isinstance(location, str) and entry.get("tdm-reservation") in (0, 1, "0", "1"):
            yield _Reservation(location, str(entry["tdm-reservation"]), policy if isinstance(policy, str) else "")
