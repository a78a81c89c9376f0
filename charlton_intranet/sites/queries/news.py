"""What is told about sites, networks and appointments since somebody's last visit."""

from collections.abc import Collection, Mapping
from typing import Any

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.news import Named, Telling, everything, nothing_more, subjects
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.sites.models import Appointment, Network, Site
from charlton_intranet.sites.queries import visible


def _ours(actor: Actor) -> list[int]:
    """The departments that the actor coordinates or heads."""
    return sorted(actor.departments_as(Role.COORDINATOR, Role.DEPARTMENT_HEAD))


def _sites(actor: Actor) -> Any:
    return Site.select(subjects("site", Site.id)).where(visible(actor))


def _own_sites(actor: Actor) -> Any:
    return Site.select(subjects("site", Site.id)).where(Site.department.in_(_ours(actor)))


def _appointments(actor: Actor) -> Any:
    reach = actor.departments_for(Permission.READ_SITE_RECORDS)
    query = Appointment.select(subjects("appointment", Appointment.id))
    return None if reach is None else query.where(Appointment.department.in_(sorted(reach)) | _is_about(actor))


def _own_appointments(actor: Actor) -> Any:
    ours = Appointment.department.in_(_ours(actor))
    return Appointment.select(subjects("appointment", Appointment.id)).where(ours | _is_about(actor))


def _is_about(actor: Actor) -> Any:
    return Appointment.person == (actor.person_id or 0)


def _site_names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = Site.select(Site.id, Site.title, Network.name).join(Network).where(Site.id.in_(list(ids)))
    return {site_id: Named(f"{title} ({network})", f"/sites/{site_id}") for site_id, title, network in rows(query)}


def _network_names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = Network.select(Network.id, Network.name).where(Network.id.in_(list(ids)))
    return {number: Named(f"the network {name}", f"/sites/networks/{number}") for number, name in rows(query)}


def _appointment_names(actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = (
        Appointment.select(Appointment.id, Appointment.person, Person.name, Department.name)
        .join_from(Appointment, Person, on=(Appointment.person == Person.id))
        .join_from(Appointment, Department)
        .where(Appointment.id.in_(list(ids)))
    )
    return {
        number: Named(
            ("your appointment" if person_id == actor.person_id else f"the appointment of {person}")
            + f" as coordinator, {department}",
            f"/sites/coordinators/{number}",
        )
        for number, person_id, person, department in rows(query)
    }


TELLINGS = (
    Telling(
        "site",
        {
            "site.requested": "{who} asked for {what}",
            "site.asked_again": "{who} changed the request for {what}",
            "site.withdrawn": "{who} withdrew the request for {what}",
            "site.advised": "{who} advised on {what}",
            "site.decided": "{who} decided on {what}",
            "site.activated": "{who} put {what} in use",
            "site.suspended": "{who} suspended {what}",
            "site.reactivated": "{who} ended the suspension of {what}",
            "site.deactivated": "{who} deactivated {what}",
            "site.record_changed": "{who} changed the record of {what}",
            "site.change_confirmed": "{who} confirmed the changed record of {what}",
            "site.change_refused": "{who} asked to set the record of {what} back",
            "site.need_answered": "{who} said whether {what} is still needed",
            "site.renewed": "{who} approved {what} for another year",
        },
        readable=_sites,
        concerning=_own_sites,
        named=_site_names,
    ),
    Telling(
        "network",
        {
            "network.assessed": "{who} assessed {what}",
            "network.decided": "{who} decided on {what}",
            "network.withdrawn": "{who} withdrew the approval of {what}",
        },
        readable=everything,
        concerning=nothing_more,
        named=_network_names,
    ),
    Telling(
        "appointment",
        {
            "appointment.proposed": "{who} proposed {what}",
            "appointment.filed": "{who} filed {what}",
            "appointment.started": "What was filed began: {what}",
            "appointment.ended": "{who} ended {what}",
        },
        readable=_appointments,
        concerning=_own_appointments,
        named=_appointment_names,
    ),
)
