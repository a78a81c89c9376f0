"""Networks, sites and appointments: states, allowed moves, and reading an address. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from charlton_intranet.core.errors import StaleState


class Worded(StrEnum):
    """An enum whose members show as plain words."""

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class NetworkKind(Worded):
    """The kinds of social media that policy 1.1 names."""

    SOCIAL_NETWORK = auto()
    MICROBLOG = auto()
    VIDEO = auto()
    PHOTO = auto()
    BLOG = auto()
    PODCAST = auto()
    FORUM = auto()
    MESSAGING = auto()
    OTHER = auto()


class NetworkState(Worded):
    """Policy 1.3: assessed with IT, approved by the Town Administrator."""

    PROPOSED = auto()
    ASSESSED = auto()
    APPROVED = auto()
    DECLINED = auto()
    WITHDRAWN = auto()


class SiteState(Worded):
    """From the request of a department head to the end of a site."""

    REQUESTED = auto()
    ADVISED = auto()
    CHANGES_ASKED = auto()
    APPROVED = auto()
    DECLINED = auto()
    WITHDRAWN = auto()
    ACTIVE = auto()
    SUSPENDED = auto()
    DEACTIVATED = auto()


class AppointmentState(Worded):
    """A coordinator is proposed by the head and filed with the administrator before starting (3.2)."""

    PROPOSED = auto()
    FILED = auto()
    ACTIVE = auto()
    ENDED = auto()


class Cadence(Worded):
    """How often a site is reviewed (3.6-1)."""

    DAILY = auto()
    WEEKLY = auto()
    MONTHLY = auto()
    QUARTERLY = auto()


N, S, A = NetworkState, SiteState, AppointmentState

NETWORK_MOVES: dict[NetworkState, frozenset[NetworkState]] = {
    N.PROPOSED: frozenset({N.ASSESSED}),
    N.ASSESSED: frozenset({N.APPROVED, N.DECLINED}),
    N.APPROVED: frozenset({N.WITHDRAWN}),
    N.DECLINED: frozenset(),
    N.WITHDRAWN: frozenset(),
}
SITE_MOVES: dict[SiteState, frozenset[SiteState]] = {
    S.REQUESTED: frozenset({S.ADVISED, S.WITHDRAWN}),
    S.ADVISED: frozenset({S.APPROVED, S.DECLINED, S.CHANGES_ASKED, S.WITHDRAWN}),
    S.CHANGES_ASKED: frozenset({S.REQUESTED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.ACTIVE, S.WITHDRAWN}),
    S.ACTIVE: frozenset({S.SUSPENDED, S.DEACTIVATED}),
    S.SUSPENDED: frozenset({S.ACTIVE, S.DEACTIVATED}),
    S.DECLINED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.DEACTIVATED: frozenset(),
}
APPOINTMENT_MOVES: dict[AppointmentState, frozenset[AppointmentState]] = {
    A.PROPOSED: frozenset({A.FILED, A.ENDED}),
    A.FILED: frozenset({A.ACTIVE, A.ENDED}),
    A.ACTIVE: frozenset({A.ENDED}),
    A.ENDED: frozenset(),
}
# In use: reviewed, moderated, looked after.
LIVE = frozenset({S.ACTIVE, S.SUSPENDED})
# The public could see them once, so every employee may ask whether they are official.
PUBLIC = LIVE | {S.DEACTIVATED}
# Over for good; their address may be asked for again.
ENDED = frozenset({S.DECLINED, S.WITHDRAWN, S.DEACTIVATED})

_State = TypeVar("_State", bound=Worded)


def not_open(state: Worded) -> StaleState:
    """The refusal of a step that the present state does not allow."""
    return StaleState(f"This step is not open now: the record is “{state.label.lower()}”. Nothing was saved.")


def check_move(moves: Mapping[_State, frozenset[_State]], before: _State, after: _State) -> None:
    """Refuse a move that the table does not allow."""
    if after not in moves[before]:
        raise not_open(before)


# --- addresses --------------------------------------------------------------------------------------------

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


# --- what a request and a proposal must hold --------------------------------------------------------------


class Decision(Worded):
    """What the Town Administrator says to a request (2.2)."""

    APPROVE = auto()
    ASK_FOR_CHANGES = auto()
    DECLINE = auto()


DECISIONS = {
    Decision.APPROVE: S.APPROVED,
    Decision.ASK_FOR_CHANGES: S.CHANGES_ASKED,
    Decision.DECLINE: S.DECLINED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What a department head says about a site they ask for; ``attested`` is the tick of policy 3.1."""

    address: str
    title: str
    account_email: str
    purpose: str
    audience: str
    plan: str
    cadence: Cadence
    attested: bool


def facts_problems(facts: SiteFacts) -> dict[str, str]:
    """What is missing in a request, by field."""
    asked = {
        "title": "Type the name that the page shows.",
        "purpose": "Say what the site is for.",
        "audience": "Say whom it is meant to reach.",
        "plan": "Say who posts, how often, and who answers.",
    }
    problems = {name: mend for name, mend in asked.items() if not getattr(facts, name).strip()}
    if not facts.attested:
        problems["attested"] = "Tick this to confirm that the site will follow policy 3.1."
    return problems


def email_problem(email: str, domains: Collection[str], mailboxes: Collection[str]) -> str:
    """Why ``email`` is no official address (1.2, 3.5-1), with the mend; empty when it is one."""
    box, _, domain = email.rpartition("@")
    if (box and domain in domains) or email in mailboxes:
        return ""
    allowed = ", ".join(f"@{domain}" for domain in domains)
    return (
        f"{email} is no official address. Use a town address ({allowed}) or a mailbox that the town has approved; "
        "the IT Technician can put one on the list (policy 1.2, 3.5-1)."
    )


def hosts_of(text: str) -> tuple[str, ...]:
    """Host names in what somebody typed: names or whole addresses, separated by spaces, commas or lines."""
    return tuple(dict.fromkeys(host for word in text.replace(",", " ").split() if (host := host_of(word))))


def slug_of(name: str) -> str:
    """A name as it stands in keys: lower case, words joined by hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())[:40]
