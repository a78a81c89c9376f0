"""The demo town's grants in every state, and authority that counts, waits or has lapsed for each kind of reason."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from charlton_intranet.accounts.models import Person
from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo import cast
from charlton_intranet.grants import service
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.scopes import scope_of
from charlton_intranet.grants.rules import Capability
from charlton_intranet.policy import queries as policy
from charlton_intranet.policy import service as signatures
from charlton_intranet.sites.models import Site

LIBRARY, PICTURES = "Charlton Public Library", "Library in Pictures"
POLICE, ALERTS = "Charlton Police", "Police Alerts"
PUBLISH, EDIT, COMMENT = Capability.PUBLISH, Capability.EDIT, Capability.COMMENT


@dataclass(frozen=True, slots=True)
class Play:
    """The demo's clock, and the day it ends on."""

    clock: FixedClock
    end: date

    def who(self, box: str) -> Actor:
        return cast.actor(box, clocks.today(self.clock))

    def newest(self, box: str, title: str) -> Grant:
        found: Grant = (
            Grant.select()
            .join(Site)
            .where((Grant.person == self.who(box).person_id) & (Site.title == title))
            .order_by(Grant.id.desc())
            .get()
        )
        return found

    def designate(
        self, head: str, box: str, title: str, capability: Capability, *, what: str, limits: str = "", ends_in: int = 0
    ) -> None:
        """``ends_in`` gives a last day, counted from the end of the play; 0 for none."""
        wish = service.Wish(
            person_ids=(Person.get(Person.email == f"{box}@{cast.DOMAIN}").id,),
            site_ids=(Site.get(Site.title == title).id,),
            capability=capability,
            purpose=what,
            limits=limits,
            until=self.end + timedelta(days=ends_in) if ends_in else None,
        )
        refused = [row.refusal for row in service.designate(self.who(head), wish, clock=self.clock) if row.refusal]
        if refused:
            raise RuntimeError(f"the demo designates what can be designated: {refused}")

    def decide(self, box: str, title: str, *, approve: bool = True, reason: str = "") -> None:
        grant = self.newest(box, title)
        service.decide(
            self.who("administrator"), grant.id, grant.version, approve=approve, reason=reason, clock=self.clock
        )

    def take_back(self, head: str, box: str, title: str, reason: str) -> None:
        grant = self.newest(box, title)
        service.take_back(self.who(head), grant.id, grant.version, reason=reason, clock=self.clock)

    def sign(self, box: str) -> None:
        signer, current = replace(self.who(box), address="192.0.2.24"), policy.in_force()
        if current is None or signer.person_id is None:
            raise RuntimeError("the demo signs a version that is in force")
        signatures.sign(
            signer, current.id, scope=scope_of(signer.person_id, clocks.today(self.clock)), typed_name=signer.name,
            read=True, agreed=True, agent="Firefox on Windows", clock=self.clock,
        )  # fmt: skip


# How many days before today, and what happened then.
SCRIPT: tuple[tuple[float, Callable[[Play], None]], ...] = (
    # Signatures that ended since: for an older version, and for no scope.
    (
        500,
        lambda p: p.designate(
            "head.library",
            "user.library",
            LIBRARY,
            PUBLISH,
            what="Story hours and new arrivals",
            limits="No answers on fees",
        ),
    ),
    (498, lambda p: p.decide("user.library", LIBRARY)),
    (
        480,
        lambda p: p.designate("head.library", "coordinator.library", LIBRARY, PUBLISH, what="Runs the library's page"),
    ),
    (478, lambda p: p.decide("coordinator.library", LIBRARY)),
    (300, lambda p: p.designate("head.library", "user.library", PICTURES, PUBLISH, what="Pictures of events")),
    (
        297,
        lambda p: p.decide(
            "user.library", PICTURES, approve=False, reason="One person is enough for two pictures a week."
        ),
    ),
    # A narrower grant, replaced by a wider one.
    (290, lambda p: p.designate("head.police", "coordinator.police", POLICE, COMMENT, what="Answers questions")),
    (288, lambda p: p.decide("coordinator.police", POLICE)),
    (210, lambda p: p.designate("head.police", "coordinator.police", POLICE, PUBLISH, what="Notices and answers")),
    (208, lambda p: p.decide("coordinator.police", POLICE)),
    # Never signed, and on a site that is suspended.
    (205, lambda p: p.designate("head.police", "user.police", ALERTS, EDIT, what="Road closings on the night shift")),
    (203, lambda p: p.decide("user.police", ALERTS)),
    # Taken back; and over by its last day.
    (
        150,
        lambda p: p.designate("head.police", "employee", POLICE, COMMENT, what="Answers about road work"),
    ),
    (148, lambda p: p.decide("employee", POLICE)),
    (40, lambda p: p.take_back("head.police", "employee", POLICE, "The road work is done.")),
    (
        45,
        lambda p: p.designate(
            "head.police", "user.library", POLICE, COMMENT, what="Joint booth at the town fair", ends_in=-20
        ),
    ),
    (44, lambda p: p.decide("user.library", POLICE)),
    # In order: by office, and by a grant of another department, each signed for.
    (14, lambda p: p.sign("head.library")),
    (
        12,
        lambda p: p.designate(
            "head.library",
            "employee",
            LIBRARY,
            COMMENT,
            what="Answers about the bookmobile's route",
            limits="The bookmobile only",
        ),
    ),
    (11, lambda p: p.decide("employee", LIBRARY)),
    (10, lambda p: p.sign("employee")),
    (9, lambda p: p.sign("head.police")),
    # Left for today.
    (5, lambda p: p.designate("head.police", "user.police", POLICE, EDIT, what="Keeps the pinned notices current")),
    (
        2,
        lambda p: p.designate(
            "head.library", "coordinator.library", PICTURES, PUBLISH, what="Pictures of the winter program", ends_in=120
        ),
    ),
)


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Play designations, decisions and signatures over two years, and leave some for today."""
    end, play = clock.at, Play(clock, clocks.today(clock))
    for days, act in sorted(SCRIPT, key=lambda entry: -entry[0]):
        clock.at = _workday(end - timedelta(days=days))
        act(play)
    clock.at = end


def _workday(moment: datetime) -> datetime:
    """The moment itself, or the Friday before: nobody decides on a weekend."""
    return moment - timedelta(days=max(0, clocks.town_time(moment).weekday() - 4))
