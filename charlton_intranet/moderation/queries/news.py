"""What is told about cases, referrals, requests to look again and restrictions since somebody's last visit."""

from collections.abc import Collection, Mapping
from typing import Any

import peewee

from charlton_intranet.core.database import rows
from charlton_intranet.core.news import Named, Telling, nothing_more, subjects
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.moderation.models import Case, Determination, Reconsideration, Referral, Restriction
from charlton_intranet.moderation.queries.referrals import reach
from charlton_intranet.sites.models import Network, Site


def _cases(actor: Actor) -> Any:
    return _within(Case.select(subjects("case", Case.id)), Case.department, actor, Permission.READ_CASES)


def _own_cases(actor: Actor) -> Any:
    return _of_ours(Case.select(subjects("case", Case.id)), Case.department, actor)


def _referrals(actor: Actor) -> Any:
    return Referral.select(subjects("referral", Referral.id)).join(Case).where(reach(actor))


def _requests(actor: Actor) -> Any:
    query = Reconsideration.select(subjects("reconsideration", Reconsideration.id)).join(Determination).join(Case)
    return _within(query, Case.department, actor, Permission.READ_CASES)


def _restrictions(actor: Actor) -> Any:
    query = Restriction.select(subjects("restriction", Restriction.id))
    return _within(query, Restriction.department, actor, Permission.READ_CASES)


def _own_restrictions(actor: Actor) -> Any:
    return _of_ours(Restriction.select(subjects("restriction", Restriction.id)), Restriction.department, actor)


def _within(query: Any, department: peewee.Field, actor: Actor, permission: Permission) -> Any:
    reach = actor.departments_for(permission)
    return None if reach is None else query.where(department.in_(sorted(reach)))


def _of_ours(query: Any, department: peewee.Field, actor: Actor) -> Any:
    """Records of the departments that the actor coordinates or heads."""
    ours = actor.departments_as(Role.COORDINATOR, Role.DEPARTMENT_HEAD)
    return query.where(department.in_(sorted(ours))) if ours else None


def _case_names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = Case.select(Case.id, Case.id, Site.title, Network.name).join(Site).join(Network)
    return _named(query.where(Case.id.in_(list(ids))), "case {}, {}", "/triage/{}")


def _referral_names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = Referral.select(Referral.id, Case.id, Site.title, Network.name).join(Case).join(Site).join(Network)
    return _named(query.where(Referral.id.in_(list(ids))), "what was handed on about case {}, {}", "/referrals/{}")


def _request_names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = Reconsideration.select(Reconsideration.id, Case.id, Site.title, Network.name)
    query = query.join(Determination).join(Case).join(Site).join(Network).where(Reconsideration.id.in_(list(ids)))
    return _named(query, "the request to look at case {} again, {}", "/triage/reconsiderations/{}")


def _restriction_names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = Restriction.select(Restriction.id, Restriction.id, Site.title, Network.name).join(Site).join(Network)
    query = query.where(Restriction.id.in_(list(ids)))
    return _named(query, "restriction {} on {}", "/contributors/restrictions/{}")


def _named(query: Any, words: str, url: str) -> Mapping[int, Named]:
    return {
        record_id: Named(words.format(number, f"{title} ({network})"), url.format(record_id))
        for record_id, number, title, network in rows(query)
    }


TELLINGS = (
    Telling(
        "case",
        {
            "case.advice_asked": "{who} asked for the head's advice on {what}",
            "case.advised": "{who} advised on {what}",
            "case.determined": "{who} decided on {what}",
            "case.carried_out": "{who} carried out the order on {what}",
            "case.order_obstructed": "{who} could not carry out the order on {what}",
            "case.hide_ordered": "{who} ordered {what} hidden at once",
            "case.hidden": "{who} showed that {what} is hidden",
            "case.restore_ordered": "{who} ordered {what} put back",
            "case.restored": "{who} put {what} back",
            "case.vanished": "{who} saw that the post of {what} is gone",
        },
        readable=_cases,
        concerning=_own_cases,
        named=_case_names,
    ),
    Telling(
        "referral",
        {
            "referral.sent": "{who} sent on {what}",
            "referral.answered": "{who} entered the answer to {what}",
            "referral.withdrawn": "{who} withdrew {what}",
        },
        readable=_referrals,
        concerning=nothing_more,
        named=_referral_names,
    ),
    Telling(
        "reconsideration",
        {
            "reconsideration.answered": "{who} answered {what}",
            "reconsideration.withdrawn": "{who} withdrew {what}",
        },
        readable=_requests,
        concerning=nothing_more,
        named=_request_names,
    ),
    Telling(
        "restriction",
        {
            "restriction.proposed": "{who} proposed {what}",
            "restriction.viewed": "{who} gave a view on {what}",
            "restriction.decided": "{who} decided on {what}",
            "restriction.withdrawn": "{who} withdrew {what}",
            "restriction.started": "{who} set {what}",
            "restriction.reviewed": "{who} looked again at {what}",
            "restriction.over": "{who} took {what} off",
        },
        readable=_restrictions,
        concerning=_own_restrictions,
        named=_restriction_names,
    ),
)
