"""Reading the address of a page or a post: network, account, and one spelling of both. Pure.

Addresses come from paste and from lists of many years: with words around them, invisible characters, old spellings.
What is read here decides whether two addresses are the same account, so what is in doubt is read as nothing.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from charlton_intranet.sites.rules.known_networks import (
    HOST_ALIASES,
    KNOWN_NETWORKS,
    REDIRECT_PAGES,
    REDIRECTORS,
    KnownNetwork,
)
from charlton_intranet.sites.rules.pasted import CLOSING, addresses_in, is_cut, tidy

HANDLE_MAX = 150
_HOST_PREFIXES = ("www.", "m.", "mobile.", "mbasic.", "web.", "touch.")
# On known networks alone: elsewhere such a beginning is a name.
_NETWORK_PREFIX = re.compile(r"(?:[a-z]{2}(?:-[a-z]{2,4})?|business|new|old|www\d)\.")
_HOST = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+|\d{1,3}(?:\.\d{1,3}){3}")
_BY_HOST = {host: network for network in KNOWN_NETWORKS for host in network.hosts}

_TRACKING = frozenset(
    {
        "__a", "__tn__", "_ft_", "_r", "_rdc", "_rdr", "_t", "ab_channel", "app", "eav", "fbclid", "feature", "fref",
        "gclid", "hc_location", "hc_ref", "hl", "igsh", "igshid", "is_from_webapp", "lang", "locale", "mc_cid",
        "mc_eid", "mibextid", "msclkid", "original_referer", "originalsubdomain", "paipv", "pnref", "rdid", "ref",
        "ref_src", "ref_url", "refid", "refsrc", "s", "sender_device", "share_id", "share_url", "si", "sk", "src",
        "sub_confirmation", "t", "trackingid", "trk", "ttclid", "twclid", "view_as", "wtsid", "xmt",
    }
)  # fmt: skip
# First segments that say what kind of page follows on a network we do not know, the account's name being the next.
_BEFORE_NAME = frozenset(
    {"agency", "c", "channel", "company", "groups", "page", "pages", "pg", "profile", "public", "r", "u", "user"}
)
# First segments of pages that do not tell whose they are.
_NAMELESS = frozenset(
    {
        "events", "explore", "hashtag", "home", "i", "login", "p", "photo", "photo.php", "playlist", "posts",
        "reel", "reels", "search", "share", "shorts", "status", "t", "tv", "watch",
    }
)  # fmt: skip
# Pages whose account stands in the query, with the name it has there.
_IN_QUERY = {
    "profile.php": "id", "permalink.php": "id", "story.php": "id", "follow": "screen_name", "user": "screen_name",
    "intent": "screen_name", "send": "phone", "timeline": "list",
}  # fmt: skip
# Ids in which capital letters count: channels of YouTube and WhatsApp, shows of Spotify.
_EXACT_ID = re.compile(r"UC[\w-]{22}|0029V[A-Za-z0-9]{17,19}|(?=.*\d)[A-Za-z0-9]{22}")
_PAGE_ID = re.compile(r"(?:.*-)?(\d{9,})")

# What lists write beside a network's name, in several languages.
_BESIDE_NAME = frozenset(
    {
        "account", "address", "canal", "chaine", "channel", "compte", "conta", "cuenta", "de", "do", "du", "en",
        "group", "handle", "link", "no", "official", "oficial", "page", "pagina", "perfil", "profil", "profile", "url",
        "username",
    }
)  # fmt: skip

# Longer than browsers and servers take; the time to read an address grows with the square of its labels.
_MOST_CHARACTERS = 4_000
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MISTYPED_SCHEME = re.compile(r"(?:h?t{1,3}ps?[:;]?/{1,3}|https?:(?=\w))+", re.IGNORECASE)
_FEDIVERSE = re.compile(r"@([\w.-]+)@((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)


@lru_cache(maxsize=512)  # one address is asked for its host, its account, its network in turn
def _split(address: str) -> SplitResult | None:
    """The parts of a web address, its host in one spelling; None when it is none."""
    if len(address) > _MOST_CHARACTERS:
        return None
    found = addresses_in(address)
    if len(found) != 1 or is_cut(address):
        return None
    text = re.sub(r"&(?:amp;)+", "&", found[0].replace("\\", "/"))
    if federated := _FEDIVERSE.fullmatch(text):
        text = f"https://{federated[2]}/@{federated[1]}"
    text = _MISTYPED_SCHEME.sub("https://", text, count=1) if _MISTYPED_SCHEME.match(text) else text
    if not _SCHEME.match(text):
        text = "https://" + text.lstrip("/")
        if "@" in text and text.count("/") == 2:
            return None  # an email address
    try:
        parts = urlsplit(text)
        host = _one_host(parts.hostname or "")
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    path = parts.path
    if parts.fragment.startswith("!/"):  # how Twitter and Facebook wrote addresses until 2012
        path = re.split("[?#]", parts.fragment[1:])[0]
    return parts._replace(netloc=host, path=path.rstrip("/" + CLOSING))


@lru_cache(maxsize=512)
def _one_host(host: str) -> str:
    """A host name in lower case and ASCII, without what changes nothing; empty when it is none."""
    try:
        host = host.strip(".").encode("idna").decode().lower()
    except UnicodeError:
        return ""
    if not _HOST.fullmatch(host):
        return ""
    while host not in REDIRECTORS and (shorter := _shorter(host)) != host:
        host = shorter
    return HOST_ALIASES.get(host, host)


def _shorter(host: str) -> str:
    first, _, rest = host.partition(".")
    if f"{first}." in _HOST_PREFIXES and "." in rest:
        return rest
    known = _BY_HOST.get(HOST_ALIASES.get(rest, rest))
    return rest if known and not known.hosted and _NETWORK_PREFIX.fullmatch(f"{first}.") else host


def host_of(address: str) -> str:
    """The host in lower case without ``www.`` or ``m.``, known aliases resolved; empty when there is none."""
    parts = _split(address)
    return parts.netloc if parts else ""


def normalise(address: str) -> str:
    """One spelling of a web address: ``host/path?query``, without scheme, tracking and trailing slash.

    The path keeps its case, as ids of posts need it. Empty when the text is no web address.
    """
    parts = _split(address)
    if parts is None:
        return ""
    # What ends in a full stop would lose it when the result is read again.
    told = ((name, value.rstrip(".")) for name, value in parse_qsl(parts.query))
    kept = sorted(
        (name, value)
        for name, value in told
        if value and name.lower() not in _TRACKING and not name.lower().startswith(("utm_", "__cft__", "__xts__"))
    )
    return parts.netloc + parts.path + (f"?{urlencode(kept)}" if kept else "")


def is_redirect(address: str) -> bool:
    """Whether the address only leads on to another one. We do not follow it: what it leads to may change."""
    parts = _split(address)
    if parts is None:
        return False
    below = [parts.netloc, parts.netloc.partition(".")[2]]
    return any(host in REDIRECTORS for host in below) or (parts.netloc + parts.path + "/").startswith(REDIRECT_PAGES)


def known_network_of(address: str) -> KnownNetwork | None:
    """The network on whose hosts ``address`` lies; a feed is RSS wherever it lies."""
    parts = _split(address)
    if parts is None:
        return None
    found = _known(parts.netloc)
    if found is None and re.search(
        r"(?:\.(?:rss|atom|rdf)|/(?:feeds?|rss)|/(?:feed|rss|atom|index)\.xml)$", parts.path
    ):
        return known_network_named("RSS")
    return found


def _known(host: str) -> KnownNetwork | None:
    names = host.split(".")
    return next((n for at in range(len(names)) if (n := _BY_HOST.get(".".join(names[at:])))), None)


def known_network_named(name: str) -> KnownNetwork | None:
    """The network that people call by this name, or by a host of it."""
    if "." in name:
        return _known(_one_host(tidy(name)))
    return _BY_NAME.get(_folded(name))


@lru_cache(maxsize=512)
def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", tidy(name).casefold())
    letters = (c for c in decomposed if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() or c == "+" else " " for c in letters).split()
    return " ".join(word for word in words if word not in _BESIDE_NAME)


_BY_NAME = {_folded(word): network for network in KNOWN_NETWORKS for word in (network.name, *network.also)}


def page_of(network: KnownNetwork, handle: str) -> str:
    """The address of an account by its name; empty where a name does not tell it."""
    name, _, server = handle.partition("@")
    if network.federated:
        return network.page.format(name, server or network.hosts[0])
    if network.name == "YouTube" and _EXACT_ID.fullmatch(handle):
        return f"https://www.youtube.com/channel/{handle}"
    return network.page.format(quote(handle, safe="@+"))


def handle_of(address: str) -> str:
    """The account's name in a link to its page or to its post, without ``@``; empty when it has none."""
    parts = _split(address)
    return _handle(parts)[:HANDLE_MAX] if parts else ""


def _handle(parts: SplitResult) -> str:
    host, network = parts.netloc, known_network_of(parts.netloc + parts.path)
    if network and not network.hosts:
        return host + parts.path
    if network and network.hosted and host not in network.hosts:
        return next(host.removesuffix(f".{known}") for known in network.hosts if host.endswith(f".{known}"))
    segments = [tidy(unquote(segment)) for segment in parts.path.split("/") if segment]
    if told := _in_query(segments, parts.query):
        return told
    if host in _SHORT:
        return ""
    before, nameless = (network.before_name, network.nameless) if network else (_BEFORE_NAME, frozenset[str]())
    if network and network.name in _READINGS:
        segments = _READINGS[network.name](segments)
    while len(segments) > 1 and segments[0].lower() in before:
        segments = segments[1:]
    if not segments or segments[0].lower() in before | nameless | _NAMELESS:
        return ""
    name = segments[0].removeprefix("@")
    federated = network.federated if network else segments[0].startswith("@")
    # On one of many servers an account's name is whole only with the server's.
    return f"{name}@{host}" if federated and "@" not in name else name


def _in_query(segments: list[str], query: str) -> str:
    """The account that stands in the query of such a page."""
    if not segments or segments[0].lower() not in _IN_QUERY:
        return ""
    asked = dict(parse_qsl(query))
    return next((tidy(asked[name]) for s in segments if (name := _IN_QUERY.get(s.lower())) and name in asked), "")


def _facebook(segments: list[str]) -> list[str]:
    """A page whose address carries words beside its number: ``/pages/Town/Name/123``, ``/p/Name-123``."""
    first, last = (segments[0].lower(), segments[-1]) if segments else ("", "")
    if first not in {"pages", "people", "p"} and len(segments) != 1:
        return segments
    if number := _PAGE_ID.fullmatch(last):
        return [number[1]]
    if first not in {"pages", "people"} or len(segments) == 1:
        return segments
    return [next((s for s in reversed(segments[1:]) if s.isdecimal()), last)]


def _apple(segments: list[str]) -> list[str]:
    return [segment for segment in segments if re.fullmatch(r"id\d+", segment)]


def _google(segments: list[str]) -> list[str]:
    """Without ``/u/0``, which says as whom the reader is signed in."""
    return [segment for segment in segments if segment != "u" and len(segment) > 1]


def _nextdoor(segments: list[str]) -> list[str]:
    return segments[-1:] if segments[:1] == ["agency-detail"] else segments


def _vimeo(segments: list[str]) -> list[str]:
    return [] if segments and segments[0].isdecimal() else segments  # the number of a film


# What is left for the name to stand first, where a network's addresses follow rules of their own.
_READINGS: dict[str, Callable[[list[str]], list[str]]] = {
    "Apple Podcasts": _apple,
    "Facebook": _facebook,
    "Google+": _google,
    "Nextdoor": _nextdoor,
    "Vimeo": _vimeo,
}
# Short hosts of a network that name a film or a picture and not whose it is.
_SHORT = frozenset({"flic.kr", "youtu.be"})


def on_host(address: str, hosts: str) -> bool:
    """Whether ``address`` lies on one of a network's ``hosts`` (space separated) or below it."""
    host = host_of(address)
    known = {HOST_ALIASES.get(name, name) for name in hosts.split()}
    return any(host == name or host.endswith("." + name) for name in known)


def address_key(network_slug: str, handle: str) -> str:
    """What makes two addresses the same account, however they are written."""
    return f"{network_slug}/{handle if _EXACT_ID.fullmatch(handle) else handle.lower()}"


def hosts_of(text: str) -> tuple[str, ...]:
    """Host names in what somebody typed: names or whole addresses, separated by spaces, commas or lines."""
    return tuple(dict.fromkeys(host for word in text.replace(",", " ").split() if (host := host_of(word))))


def slug_of(name: str) -> str:
    """A name as it stands in keys: lower case, words joined by hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())[:40]
