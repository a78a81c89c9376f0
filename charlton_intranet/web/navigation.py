"""The main navigation: what each person may open."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, get_flashed_messages, request

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.web import context

P = Permission
# One line a place; of several pages in it everybody gets the first they may open.
PLACES = (
    (("My work", "/", P.USE_APP),),
    (
        ("Triage", "/triage", P.READ_CASES),
        ("Contributors", "/contributors", P.READ_CASES),
        ("Capture", "/triage/capture", P.CAPTURE_CONTENT),
        ("Referrals", "/referrals", P.FOLLOW_REFERRAL),
        ("Import comments", "/triage/import", P.IMPORT_COMMENTS),
    ),
    (("Sites", "/sites", P.READ_SITES),),
    (("Access", "/grants", P.READ_SITE_RECORDS), ("My access", "/grants/mine", P.USE_APP)),
    (("Reviews", "/reviews", P.READ_REVIEWS),),
    (("Incidents", "/incidents", P.REPORT_INCIDENT),),
    (("People", "/people", P.READ_PEOPLE),),
    (("Policy", "/policy", P.READ_POLICY),),
    (("Oversight", "/oversight", P.READ_OVERSIGHT), ("Evidence", "/evidence/fixity", P.READ_FIXITY)),
    (("Settings", "/settings", P.READ_SETTINGS),),
)

# The pages about one site, whichever part they belong to; {} is its number.
SITE_PLACES = (
    ("Account", "/sites/{}", P.READ_SITES),
    ("People", "/sites/{}/people", P.READ_SITE_RECORDS),
    ("Checklists", "/sites/{}/checklists", P.READ_SITE_RECORDS),
    ("On the page", "/sites/{}/admins", P.READ_SITE_RECORDS),
    ("Reviews", "/reviews/sites/{}", P.READ_REVIEWS),
    ("Record sheet", "/records/sites/{}", P.READ_SITE_RECORDS),
)

# The pages about cases altogether.
CASE_PLACES = (
    ("Queue", "/triage", P.READ_CASES),
    ("Reconsideration", "/triage/reconsiderations", P.READ_CASES),
    ("Contributors", "/contributors", P.READ_CASES),
    ("Decisions", "/triage/decisions", P.READ_CASES),
    ("Consistency", "/triage/consistency", P.READ_CONSISTENCY),
    ("Times", "/triage/times", P.READ_CASES),
    ("Referrals", "/referrals", P.FOLLOW_REFERRAL),
    ("Import comments", "/triage/import", P.IMPORT_COMMENTS),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation; ``count`` None shows no number."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """The town as templates name it."""

    name: str


def entries(actor: Actor, path: str) -> list[Entry]:
    """The places ``actor`` may open, each by its first page; the one that the present page belongs to is marked."""
    found = []
    for pages in PLACES:
        open_to = [(label, url) for label, url, permission in pages if actor.may(permission, anywhere=True)]
        if open_to:
            here = any(path == url or (url != "/" and path.startswith(url + "/")) for _, url in open_to)
            found.append(Entry(*open_to[0], current=here))
    return found


def tabs(places: Iterable[tuple[str, str, Permission]], actor: Actor, current: str) -> list[Entry]:
    """Those of ``places`` that ``actor`` may open somewhere, the one at ``current`` marked."""
    return [
        Entry(label, url, url == current) for label, url, permission in places if actor.may(permission, anywhere=True)
    ]


def site_places(actor: Actor, site_id: int, department_id: int, path: str) -> list[Entry]:
    """The pages about one site of the department that ``actor`` may open, the present one marked."""
    found = [(label, url.format(site_id), permission) for label, url, permission in SITE_PLACES]
    return [
        Entry(label, url, path == url)
        for label, url, permission in found
        if permission is P.READ_SITES or actor.may(permission, department_id)
    ]


def case_places(actor: Actor, path: str) -> list[Entry]:
    """The pages about cases that ``actor`` may open somewhere, the present one marked."""
    return tabs(CASE_PLACES, actor, path)


def _context() -> dict[str, Any]:
    who, settings = context.signed_in(), context.parts().settings
    return {
        "actor": who.actor if who else None,
        "navigation": entries(who.actor, request.path) if who else [],
        "town": Town(settings.town_name),
        "demo": settings.demo,
        "report_url": "/incidents/report",
        "report_site_id": g.get("report_site_id"),
        "flash_messages": lambda: get_flashed_messages(with_categories=True),
    }


def install(app: Flask) -> None:
    """Hand the navigation to every template."""
    app.context_processor(_context)
    app.jinja_env.globals["site_places"] = site_places
    app.jinja_env.globals["case_places"] = case_places
