"""Files of sites that say what crawlers may take: robots.txt, and ai.txt, which has the same form."""

import re
from collections.abc import Iterable
from typing import NamedTuple

MAX_BYTES = 500 << 10
"""What is read of a file, as much as RFC 9309 asks for."""

_USAGE = ("content-signal", "content-usage")
_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*(.*?)\s*\Z")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


class Group(NamedTuple):
    """What a file says to some crawlers.

    Attributes:
        agents: their names in lower case, `*` for all others.
        rules: paths with whether they are allowed.
        usage: what it says about the use of what is taken, such as `ai-train=no`.
    """

    agents: tuple[str, ...]
    rules: tuple[tuple[str, bool], ...]
    usage: tuple[str, ...]


def parse_robots(raw: bytes) -> tuple[Group, ...]:
    """The groups of a file; lines that are none of the known ones are passed over.

    Source: RFC 9309, section 2.2.
    """
    groups: list[Group] = []
    agents: list[str] = []
    rules: list[tuple[str, bool]] = []
    usage: list[str] = []
    has_begun = False
    for name, value in _lines(raw):
        if name == "user-agent":
            if has_begun:
                groups.append(Group(tuple(agents), tuple(rules), tuple(usage)))
                agents, rules, usage, has_begun = [], [], [], False
            agents.append(value.lower())
            continue
        has_begun = has_begun or bool(agents) or name in _USAGE
        if name in _USAGE:
            usage.append(value)
        elif value and agents:
            rules.append((value, name == "allow"))
    return (*groups, Group(tuple(agents), tuple(rules), tuple(usage)))


def blocked_agents(groups: Iterable[Group], path: str) -> tuple[str, ...]:
    """The crawlers that may not take `path`: those that the file names, and `*` where all others may not.

    Of the rules of a crawler that fit, the longest counts; of two as long, the one that allows.
    """
    rules: dict[str, list[tuple[str, bool]]] = {}
    for group in groups:
        for agent in group.agents:
            rules.setdefault(agent, []).extend(group.rules)
    return tuple(agent for agent, known in rules.items() if not _allows(known, _unescaped(path)))


def usage_for_all(groups: Iterable[Group]) -> tuple[str, ...]:
    """What the file says to all crawlers, or without naming any, about the use of what is taken."""
    return tuple(said for group in groups if not group.agents or "*" in group.agents for said in group.usage)


def fits(pattern: str, path: str) -> bool:
    """Whether a path begins as `pattern` says, in which `*` stands for anything and `$` for the end.

    Example:
        >>> fits("/*.pdf$", "/a/b.pdf"), fits("/a", "/ab"), fits("/a$", "/ab")
        (True, True, False)
    """
    ends = pattern.endswith("$")
    first, *others = _unescaped(pattern.removesuffix("$")).split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for number, part in enumerate(others, 1):
        if ends and number == len(others):
            return path.endswith(part) and len(path) - len(part) >= place
        place = path.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return not ends or place == len(path)


def _allows(rules: Iterable[tuple[str, bool]], path: str) -> bool:
    fitting = [(len(pattern), is_allowed) for pattern, is_allowed in rules if fits(pattern, path)]
    return max(fitting, default=(0, True))[1]


def _lines(raw: bytes) -> Iterable[tuple[str, str]]:
    known = ("user-agent", "allow", "disallow", *_USAGE)
    for line in raw[:MAX_BYTES].decode("utf-8-sig", "replace").splitlines():
        match = _LINE.match(line.partition("#")[0])
        if match is not None and match[1].lower() in known:
            yield match[1].lower(), match[2]


def _unescaped(path: str) -> str:
    """A path with ASCII characters that need no escape as they are."""
    return _ESCAPE.sub(lambda found: _as_it_is(int(found[1], 16), found[0]), path)


def _as_it_is(point: int, escape: str) -> str:
    return chr(point) if 0x21 <= point < 0x7F and chr(point) not in "%/?#*$" else escape.upper()
