"""What the address of a page says about it: words of adult, gambling and pill sites, and files that hold no text.

The words are those that such sites put into their own names, and so do the lists of words of RefinedWeb, FineWeb and
DCLM, whose method this is; these lists are shorter and were made for this file. Words for groups of people are left
out: block lists with them drop what these people write (Dodge et al. 2021, "Documenting Large Webtext Corpora").
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from goldsmith.refine.addresses import Address

Topic = Literal["adult", "gambling", "pills"]
TOPICS: tuple[Topic, ...] = ("adult", "gambling", "pills")


class Words(NamedTuple):
    """What stands for a topic in an address.

    Attributes:
        hard: words of which one is enough.
        soft: words that say something only when several meet.
        parts: what is enough inside a longer word.
        ends: the last parts of hosts that were made for the topic.
    """

    hard: frozenset[str]
    soft: frozenset[str]
    parts: frozenset[str]
    ends: frozenset[str]

    def and_(self, other: "Words") -> "Words":
        """Both together."""
        return Words(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))


class Match(NamedTuple):
    """An entry of a list, and where it stands in an address, in code points."""

    entry: str
    start: int
    end: int


def _words(*, hard: str = "", soft: str = "", parts: str = "", ends: str = "") -> Words:
    return Words(*(frozenset(each.split()) for each in (hard, soft, parts, ends)))


NONE = _words()

WORDS: Mapping[Topic, Words] = MappingProxyType(
    {
        "adult": _words(
            hard="""porn porno porns pornos pornstar pornstars porntube hentai milf milfs gangbang creampie blowjob
                blowjobs handjob cumshot cumshots bukkake deepthroat camgirl camgirls sexcam sexcams camsex sexchat
                livesex upskirt fickfilme sexfilme pornofilme""",
            soft="""adult amateur anal babe babes bdsm boobs busty cam cams dildo erotic erotica erotik escort escorts
                fetish fuck fucking horny hookup kinky naked nude nudes nudist pussy sex sexe sexo sexy slut strip
                swinger swingers teen teens tits webcam wet xxx""",
            parts="""pornhub pornstar porntube porntv pornvideo pornofilm freeporn xvideos xhamster xnxx youporn redtube
                sexcam sexvideo sexfilm sexchat livesex camsex camgirl xxxvideo xxxmovie hentai blowjob cumshot gangbang
                nakedgirl nudegirl milfsex""",
            ends="adult porn sex xxx",
        ),
        "gambling": _words(
            hard="togel judionline slotgacor pokerqq bandarq dominoqq situsjudi sbobet",
            soft="""bet bets betting blackjack bonus casino casinos gacor gambling jackpot judi kasino poker roulette
                slot slots sportsbook wager""",
            parts="""casinoonline onlinecasino casinobonus slotgacor judionline judislot situsjudi agenjudi bandarjudi
                togelonline pokeronline onlinepoker freeslots slotonline""",
            ends="bet casino poker",
        ),
        "pills": _words(
            soft="""cheap cialis generic kamagra levitra pharmacy pill pills prescription sildenafil tadalafil viagra
                xanax""",
            parts="viagraonline cialisonline buyviagra buycialis genericviagra cheapviagra onlineviagra",
        ),
    }
)

_EXTENSIONS = """
    jpg jpeg png gif webp avif svg ico bmp tif tiff psd mp3 mp4 m4a m4v avi mov mkv webm flv wmv wav ogg oga ogv flac
    zip rar 7z gz tgz bz2 xz zst tar jar war exe msi dmg iso img apk ipa deb rpm bin dll so woff woff2 ttf otf eot css
    js mjs map swf class pyc torrent
"""
_NO_TEXT = frozenset(_EXTENSIONS.split())

_WORD = re.compile(r"[^\W_]+")
_EXTENSION = re.compile(r"(?<=/)[^/:]+\.([A-Za-z0-9]{1,7})\Z")
"""The end of a file's name. A colon before it, as in `File:Tree.jpg`, makes it the title of a page about a file."""


def words_of(topics: Iterable[Topic], own: Words) -> Words:
    """The words of `topics` and one's own."""
    for topic in topics:
        own = own.and_(WORDS[topic])
    return own


def extension(address: Address) -> Match | None:
    """The extension of a file without text."""
    found = _EXTENSION.search(address.path)
    if found is None or found[1].lower() not in _NO_TEXT:
        return None
    return Match(found[1].lower(), address.path_start + found.start(1), address.path_start + found.end(1))


class WordFinder:
    """Finds the words of lists in addresses."""

    __slots__ = ("_parts", "_words")

    def __init__(self, words: Words) -> None:
        self._words = words
        longest_first = sorted(words.parts, key=lambda part: (-len(part), part))
        self._parts = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def hard_word(self, address: Address) -> Match | None:
        """The first word of an address of which one is enough, or the end of its host."""
        end = address.host.rpartition(".")[2]
        if end in self._words.ends:
            return Match(f".{end}", address.host_end - len(end), address.host_end)
        return next((match for match in _matches(address) if match.entry in self._words.hard), None)

    def soft_words(self, address: Address) -> list[Match]:
        """Words of an address that say something when several meet, each once."""
        found: dict[str, Match] = {}
        for match in _matches(address):
            if match.entry in self._words.soft:
                _ = found.setdefault(match.entry, match)
        return list(found.values())

    def banned_part(self, address: Address) -> Match | None:
        """The first part of a longer word that is enough."""
        lower = address.text.lower()
        if self._parts is None or len(lower) != len(address.text):
            return None
        for part in self._parts.finditer(lower, address.host_start):
            before, after = lower[part.start() - 1], lower[part.end() : part.end() + 1]
            if before.isalnum() or after.isalnum():
                return Match(part[0], *part.span())
        return None


def _matches(address: Address) -> Iterator[Match]:
    """The words of host, path and query in lower case."""
    for found in _WORD.finditer(address.text, address.host_start):
        lower = found[0].lower()
        yield Match(lower if len(lower) == len(found[0]) else found[0], found.start(), found.end())
