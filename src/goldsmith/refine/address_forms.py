"""The form of an address that all addresses of one page share: what does not say which page it is, is left out."""

import re
from urllib.parse import quote

from goldsmith.refine.addresses import Address, parse_address

_TRACKING = re.compile(
    r"utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|li_fat_id|epik"
    r"|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|__hs\w+|hsCtaTracking|vero_\w+|oly_(?:anon|enc)_id|_openstat|wickedid|s_cid"
    r"|ga_\w+|_ga|_gl|srsltid|pk_\w+|piwik_\w+|mtm_\w+|matomo_\w+|at_(?:medium|campaign|custom\d+)|spm|scm"
    r"|phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|cfid|cftoken",
    re.IGNORECASE,
)
"""Names of parameters that say who came from where: of advertisers, newsletters and statistics, and of sessions."""

_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT = "%!$&'()*+,;=:@/~-._[]?|"
_WWW = re.compile(r"www\d{0,2}\.(?=[^.]+\.)")
_MOBILE = re.compile(r"(?:m|mobile|touch|amp)\.(?=[^.]+\.)")
_INNER_MOBILE = re.compile(r"\A([a-z]{2,3})\.m\.")
_AMP_PATH = re.compile(r"/amp(?:\.html?)?/?\Z|\A/amp(?=/)", re.IGNORECASE)
_AMP_PARAMETER = re.compile(r"(?:amp|outputtype)(?:=(?:1|true|amp)?)?", re.IGNORECASE)
_AMP_CACHE = re.compile(r"(?:\A|\.)cdn\.ampproject\.org\Z|\A(?:www\.)?google\.[a-z.]{2,6}\Z")
_AMP_CACHED = re.compile(r"\A(?:/amp)?/(?:[cvi]/)?(s/)?([^/]+\.[^/]+)(/.*)?\Z")


def same_form(address: Address, *, drop_www: bool, join_versions: bool) -> str:
    """What all addresses of a page have in common, as text.

    The scheme, the usual port, a user's name, a slash at the end, the fragment (unless it begins with `!`), parameters
    of tracking and sessions, and the order of the others make no difference; neither does how characters are escaped.

    Args:
        address: the address.
        drop_www: whether `www.` at the beginning of the host makes no difference.
        join_versions: whether the versions for telephones (`m.`, AMP and its caches) count as the page itself.

    Source: RFC 3986, section 6.2 (case, escapes, dot segments, ports); the rest is what sites do.

    Example:
        >>> same_form(parse_address("HTTP://www.a.org:80/b/../c/?utm_source=x"), drop_www=True, join_versions=False)
        'a.org/c'
    """
    if join_versions:
        address = _uncached(address)
    host = _WWW.sub("", address.host, count=1) if drop_www and _WWW.match(address.host) else address.host
    path = _without_dots(_SESSION_IN_PATH.sub("", _escaped(address.path)))
    if join_versions:
        host = _INNER_MOBILE.sub(r"\1.", _MOBILE.sub("", host, count=1) if _MOBILE.match(host) else host)
        path = _AMP_PATH.sub("", path)
    parameters = sorted(_parameters(address.query or "", join_versions=join_versions))
    return "".join(
        (
            host,
            f":{address.port}" if address.port else "",
            path.rstrip("/"),
            f"?{'&'.join(parameters)}" if parameters else "",
            f"#{address.fragment}" if address.fragment and address.fragment.startswith("!") else "",
        )
    )


def _parameters(query: str, *, join_versions: bool) -> list[str]:
    given = [each for each in query.split("&") if each and not _TRACKING.fullmatch(each.partition("=")[0])]
    return [_escaped(each) for each in given if not (join_versions and _AMP_PARAMETER.fullmatch(each))]


def _escaped(text: str) -> str:
    """Escapes in one way: none where they are not needed, capital digits elsewhere, UTF-8 for other characters."""
    return quote(_ESCAPE.sub(_escape, text), safe=_KEPT, errors="replace")


def _escape(match: re.Match[str]) -> str:
    meant = chr(int(match[1], 16))
    return meant if meant in _UNRESERVED else match[0].upper()


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del kept[max(1, len(kept) - 1) :]
        elif part != ".":
            kept.append(part)
    return "/".join(kept)


def _uncached(address: Address) -> Address:
    """The address of the page that an AMP cache holds; any other address as it is."""
    if _AMP_CACHE.search(address.host) is None:
        return address
    held = _AMP_CACHED.match(address.path)
    if held is None or ("google." in address.host and not address.path.startswith("/amp/")):
        return address
    query = f"?{address.query}" if address.query else ""
    return parse_address(f"http{'s' if held[1] else ''}://{held[2]}{held[3] or ''}{query}") or address
