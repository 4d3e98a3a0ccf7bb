"""URL rules: decides about documents by their address, before a look at their text is needed."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Literal, Self

import msgspec
from msgspec.structs import replace

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.address_lists import domains_in, found_lists, pinned_lists
from goldsmith.refine.address_words import TOPICS, Match, Topic, WordFinder, Words, extension, words_of
from goldsmith.refine.addresses import Address, addresses_of, domain_in, is_number, parse_domains
from goldsmith.refine.model import DocumentStage, Places
from goldsmith.refine.rules import Bound, Rule, Verdict, as_words

Flag = Literal["blocked-domain", "other-domain", "ip-address", "no-text-file", "banned-word", "banned-part"]
Reason = Flag | Literal["soft-words"]

_REASONS: Mapping[Flag, str] = {
    "blocked-domain": "its address is under the blocked domain {entry}",
    "other-domain": "its address is under {entry}, which is none of the domains to keep",
    "ip-address": "the host of its address is the number {entry} and has no name",
    "no-text-file": "its address ends in .{entry}, a file without text",
    "banned-word": "its address has the word {entry}",
    "banned-part": "its address has {entry} inside a word",
}


class _Flagged(msgspec.Struct, frozen=True, kw_only=True):
    flag: str
    entry: str
    start: int
    end: int


class UrlRule(Rule, frozen=True, kw_only=True):
    """Drops documents whose address has a flag.

    Attributes:
        flag: the flag.
        reason: the sentence for people; `{entry}` stands for the entry of the list that matched.
    """

    flag: Flag
    reason: str

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows with the flag; the evidence is the address, the entry and where it stands."""
        found = [_flags(value, self.flag) for value in batch.column("url_flags").to_pylist()]
        addresses = addresses_of(batch) if any(found) else [None] * len(found)
        return [
            self._drop(flags[0], address) if flags else None for flags, address in zip(found, addresses, strict=True)
        ]

    def _drop(self, flagged: _Flagged, address: Address | None) -> Verdict:
        evidence = _evidence([flagged], address)
        return Verdict(action="drop", reason=self.reason.format(entry=flagged.entry), evidence=evidence)


class SoftWords(Bound, frozen=True, kw_only=True):
    """Drops documents with too many of the words that say something only together."""

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows above the maximum; the evidence is the address, the words and where they stand."""
        counts, addresses = batch.column(self.number).to_pylist(), addresses_of(batch)
        rows = zip(counts, addresses, batch.column("url_flags").to_pylist(), strict=True)
        return [
            self._with_words(count, _flags(value, "soft-word"), address)
            if count is not None and self.is_dropped(count)
            else None
            for count, address, value in rows
        ]

    def _with_words(self, count: int, words: Sequence[_Flagged], address: Address | None) -> Verdict:
        reason = self.reason.format(value=as_words(count), threshold=as_words(self.threshold))
        evidence = {**_evidence(words, address), self.number: count}
        return Verdict(action="drop", reason=reason, value=count, threshold=self.threshold, evidence=evidence)


class UrlRules(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Drops documents by their address: blocked domains, words of adult, gambling and pill sites, hosts without a name.

    The address is what the source calls `url` or the like, else an id that is one; documents without one pass. A domain
    stands for itself and all that lies under it. A word is what stands between characters that are no letter or digit.

    Attributes:
        blocked_domains: domains to drop.
        allowed_domains: domains that pass whatever else their address holds.
        only_domains: when there are any, all other domains are dropped.
        blocked_files: lists of more domains to drop, one a line or as hosts files; relative to the recipe's folder.
        allowed_files: lists of more domains that pass.
        only_files: lists of more domains, beside which all others are dropped.
        topics: the built-in words to look for.
        words: more words of which one is enough.
        soft_words: more words that say something when several meet.
        parts: what more is enough inside a longer word.
        max_soft_words: the most different soft words that an address may have.
        drop: what is dropped for; what is not named is only written down.

    Source: the method of Penedo et al. 2023, "The RefinedWeb Dataset", appendix G.1 (block list, strict and hard words,
    at least two soft words), also in FineWeb and DCLM; the lists of words are this project's own.
    """

    name: ClassVar[str] = "url-rules"
    title: ClassVar[str] = "Addresses"
    columns: ClassVar[Kinds] = {"url_host": "text", "n_soft_words": "int", "url_flags": "text"}
    thresholds: ClassVar[frozenset[str]] = frozenset({"max_soft_words", "drop"})

    blocked_domains: tuple[str, ...] = ()
    allowed_domains: tuple[str, ...] = ()
    only_domains: tuple[str, ...] = ()
    blocked_files: tuple[str, ...] = ()
    allowed_files: tuple[str, ...] = ()
    only_files: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = TOPICS
    words: tuple[str, ...] = ()
    soft_words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    max_soft_words: int = 1
    drop: tuple[Reason, ...] = (*_REASONS, "soft-words")

    def __post_init__(self) -> None:
        if self.max_soft_words < 0:
            raise ValueError("`max_soft_words` cannot be negative")
        for field in ("blocked_domains", "allowed_domains", "only_domains"):
            for entry in getattr(self, field):
                if len(parse_domains([entry])) != 1:
                    raise ValueError(f"`{field}` are domains such as example.org, not {entry!r}")

    def bound(self, places: Places) -> Self:
        """With the whole paths of its lists."""
        names = ("blocked_files", "allowed_files", "only_files")
        return replace(self, **{name: found_lists(getattr(self, name), places) for name in names})

    def pins(self, places: Places) -> Mapping[str, str]:
        """The SHA-256 of its lists."""
        return pinned_lists((*self.blocked_files, *self.allowed_files, *self.only_files), places)

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The host of each document, how many soft words its address has, and what was found in it as JSON."""
        find = self._finder()
        columns: dict[str, list[object]] = {name: [] for name in self.columns}
        for address in addresses_of(batch):
            flags = [] if address is None else find(address)
            soft = sum(each.flag == "soft-word" for each in flags)
            columns["url_host"].append(None if address is None else address.host)
            columns["n_soft_words"].append(None if address is None else soft)
            columns["url_flags"].append(msgspec.json.encode(flags).decode() if flags else None)
        return columns

    def rules(self) -> tuple[Rule, ...]:
        """Drops for what `drop` names."""
        rules: list[Rule] = [
            UrlRule(name=flag, flag=flag, reason=reason) for flag, reason in _REASONS.items() if flag in self.drop
        ]
        if "soft-words" in self.drop:
            most = SoftWords(
                name="soft-words",
                number="n_soft_words",
                side="maximum",
                threshold=self.max_soft_words,
                label="words of unwanted sites in their address",
                unit="words",
                reason="its address has {value} words of unwanted sites, above the maximum of {threshold}",
            )
            rules.append(most)
        return tuple(rules)

    def _finder(self) -> Callable[[Address], list[_Flagged]]:
        blocked = (parse_domains(self.blocked_domains), *domains_in(self.blocked_files))
        allowed = (parse_domains(self.allowed_domains), *domains_in(self.allowed_files))
        only = (parse_domains(self.only_domains), *domains_in(self.only_files))
        own = Words(*(frozenset(map(str.lower, each)) for each in (self.words, self.soft_words, self.parts, ())))
        words = WordFinder(words_of(self.topics, own))

        def find(address: Address) -> list[_Flagged]:
            if domain_in(address.host, *allowed):
                return []
            other = any(only) and domain_in(address.host, *only) is None
            found: list[tuple[str, Match | None]] = [
                ("blocked-domain", _domain(address, domain_in(address.host, *blocked))),
                ("other-domain", _domain(address, address.host if other else None)),
                ("ip-address", _domain(address, address.host if is_number(address.host) else None)),
                ("no-text-file", extension(address)),
                ("banned-word", words.hard_word(address)),
                ("banned-part", words.banned_part(address)),
                *(("soft-word", match) for match in words.soft_words(address)),
            ]
            return [_Flagged(flag=flag, **match._asdict()) for flag, match in found if match is not None]

        return find


def _domain(address: Address, domain: str | None) -> Match | None:
    """A domain that the host ends in, and where it stands; the whole host where that is written in another way."""
    if domain is None:
        return None
    written = address.text[address.host_start : address.host_end].rstrip(".").lower()
    start = len(written) - len(domain) if written.endswith(domain) else 0
    return Match(domain, address.host_start + start, address.host_start + len(written))


def _flags(value: str | None, flag: str) -> list[_Flagged]:
    if value is None or f'"{flag}"' not in value:
        return []
    return [each for each in msgspec.json.decode(value, type=list[_Flagged]) if each.flag == flag]


def _evidence(found: Sequence[_Flagged], address: Address | None) -> dict[str, object]:
    spans = [{"entry": each.entry, "start": each.start, "end": each.end} for each in found]
    return {"url": None if address is None else address.text, "in_url": spans}


plugin = UrlRules
