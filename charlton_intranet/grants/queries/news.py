"""What is told about grants, and the questions about them, since somebody's last visit."""

from collections.abc import Collection, Mapping
from typing import Any

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.news import Named, Telling, subjects
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.grants.models import Grant
from charlton_intranet.sites.models import Site


def _grants(actor: Actor) -> Any:
    reach = actor.departments_for(Permission.READ_SITE_RECORDS)
    return None if reach is None else _select().where(Site.department.in_(sorted(reach)) | _is_about(actor))


def _own(actor: Actor) -> Any:
    """The actor's own grants, and those on sites of the departments they head."""
    headed = sorted(actor.departments_as(Role.DEPARTMENT_HEAD))
    return _select().where(Site.department.in_(headed) | _is_about(actor))


def _select() -> Any:
    return Grant.select(subjects("grant", Grant.id)).join(Site)


def _is_about(actor: Actor) -> Any:
    return Grant.person == (actor.person_id or 0)


def _names(actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = (
        Grant.select(Grant.id, Grant.person, Person.name, Site.title)
        .join_from(Grant, Person, on=(Grant.person == Person.id))
        .join_from(Grant, Site)
        .where(Grant.id.in_(list(ids)))
    )
    return {
        number: Named(
            f"{'your grant' if person_id == actor.person_id else f'the grant of {person}'} on {site}",
            f"/grants/{number}",
        )
        for number, person_id, person, site in rows(query)
    }


TELLINGS = (
    Telling(
        "grant",
        {
            "grant.designated": "{who} designated: {what}",
            "grant.approved": "{who} approved {what}",
            "grant.declined": "{who} declined {what}",
            "grant.revoked": "{who} took back {what}",
            "grant.ended": "{who} ended {what}",
            "access_review.asked": "{who} asked about {what}",
            "access_review.replied": "{who} replied to the question about {what}",
            "access_review.kept": "{who} kept {what} in the quarter's review",
            "access_review.revoked": "{who} took back {what} in the quarter's review",
        },
        readable=_grants,
        concerning=_own,
        named=_names,
    ),
)
