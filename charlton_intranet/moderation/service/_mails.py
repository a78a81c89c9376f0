"""Mail to whoever a step waits for. What somebody wrote stays in the app, and so does who wrote it."""

from typing import Any

from charlton_intranet.accounts.queries import holders
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.permissions import Role
from charlton_intranet.mail import service as mail
from charlton_intranet.sites.queries import site_ref


def tell_holders(
    role: Role,
    template: str,
    *,
    site_id: int,
    department_id: int,
    occasion: str,
    path: str,
    clock: Clock,
    **facts: Any,
) -> None:
    """Mail everybody who holds the role, of the department unless it is one for the town, once an ``occasion``.

    ``path`` is the page of the step; ``facts`` are what the template asks for beside site and department.
    """
    site = site_ref(site_id)
    for person in holders(role, today(clock), None if role.town_wide else department_id):
        mail.queue(
            template, occasion=f"{template}:{occasion}", recipient=person.email, recipient_name=person.name,
            clock=clock, site=f"{site.title} ({site.network_name})", department=site.department_name, path=path,
            **facts,
        )  # fmt: skip
