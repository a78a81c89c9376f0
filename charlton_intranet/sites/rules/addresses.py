"""Reading the address of a page or a post: network, account, and one spelling of both. Pure."""

from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

_HOST_PREFIXES = ("www.", "m.", "mobile.", "mbasic.", "web.")
_HOST_ALIASES = {"fb.com": "facebook.com", "twitter.com": "x.com", "instagr.am": "instagram.com"}
_TRACKING = frozenset(
    {
        "__tn__", "app", "eav", "fbclid", "feature", "gclid", "hl", "igsh", "igshid", "lang", "locale",
        "mc_cid", "mc_eid", "mibextid", "msclkid", "paipv", "rdid", "ref", "ref_src", "ref_url", "s",
        "share_id", "share_url", "si", "src", "t", "ttclid", "twclid", "wtsid",
    }
)  # fmt: skip
# First segments that say what kind of page follows, the account's name being the next one.
_KIND_SEGMENTS = frozenset(
    {
        "agency",
        "c",
        "channel",
        "company",
        "groups",
        "page",
        "pages",
        "pg",
        "profile",
        "public",
        "r",
        "u",
        "user",
    }
)
# First segments of pages that do not tell whose they are.
_NAMELESS = frozenset(
    {
        "events", "explore", "hashtag", "home", "i", "login", "p", "photo", "photo.php", "playlist", "posts",
        "reel", "reels", "search", "share", "shorts", "status", "t", "tv", "watch",
    }
)  # fmt: skip
# Networks that give every account its own host name.
_HOSTED = (".blogspot.com", ".podbean.com", ".substack.com", ".tumblr.com", ".wordpress.com")


def _split(address: str) -> SplitResult | None:
    """The parts of a web address, its scheme optional; None when it is none."""
    text = address.strip()
    if "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "." not in host.strip(".") or any(c.isspace() for c in host):
        return None
    return parts


def host_of(address: str) -> str:
    """The host in lower case without ``www.`` or ``m.``, known aliases resolved; empty when there is none."""
    parts = _split(address)
    if parts is None:
        return ""
    host = (parts.hostname or "").strip(".")
    for prefix in _HOST_PREFIXES:
        if host.startswith(prefix) and host.count(".") > 1:
            host = host.removeprefix(prefix)
            break
    return _HOST_ALIASES.get(host, host)


def normalise(address: str) -> str:
    """One spelling of a web address: ``host/path?query``, without scheme, tracking and trailing slash.

    The path keeps its case, as ids of posts need it. Empty when the text is no web address.
    """
    parts = _split(address)
    if parts is None:
        return ""
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query)
        if name.lower() not in _TRACKING and not name.lower().startswith(("utm_", "__cft__", "__xts__"))
    )
    return host_of(address) + parts.path.rstrip("/") + (f"?{urlencode(kept)}" if kept else "")


def handle_of(address: str) -> str:
    """The account's name in a link to its page or to its post, without ``@``; empty when it has none."""
    parts = _split(address)
    if parts is None:
        return ""
    host = host_of(address)
    for ending in _HOSTED:
        if host.endswith(ending):
            return host.removesuffix(ending)
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    first = segments[0].lower() if segments else ""
    if first in {"profile.php", "permalink.php", "story.php"}:
        return dict(parse_qsl(parts.query)).get("id", "")
    if first in _KIND_SEGMENTS:
        segments = segments[1:]
    elif first in _NAMELESS:
        return ""
    return segments[0].removeprefix("@")[:150] if segments else ""


def on_host(address: str, hosts: str) -> bool:
    """Whether ``address`` lies on one of a network's ``hosts`` (space separated) or below it."""
    host = host_of(address)
    return any(host == known or host.endswith("." + known) for known in hosts.split())


def address_key(network_slug: str, handle: str) -> str:
    """What makes two addresses the same account, however they are written."""
    return f"{network_slug}/{handle.lower()}"


def hosts_of(text: str) -> tuple[str, ...]:
    """Host names in what somebody typed: names or whole addresses, separated by spaces, commas or lines."""
    return tuple(dict.fromkeys(host for word in text.replace(",", " ").split() if (host := host_of(word))))


def slug_of(name: str) -> str:
    """A name as it stands in keys: lower case, words joined by hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())[:40]
