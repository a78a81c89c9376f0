"""The demo town's networks, sites and coordinators, in every state."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo import cast
from charlton_intranet.sites.models import Appointment, Network, Site
from charlton_intranet.sites.rules import ATTESTATIONS, PREPARATIONS, Cadence, Closing, Decision, NetworkKind, SiteFacts
from charlton_intranet.sites.rules.checklists import Answer, ChecklistKind, lines_of
from charlton_intranet.sites.service import appointments, checklists, living, networks, requests
from charlton_intranet.sites.service.checklists import LineFacts
from charlton_intranet.sites.service.proofs import ProofFacts

LIBRARY, POLICE = "head.library", "head.police"
FINDING = (
    "Sign-in with a second factor and two administrators per page. Comments can be hidden and exported. "
    "Captions and picture descriptions can be set. No town data is kept there besides what we publish."
)
CLOSED = {
    Closing.LAST_CAPTURE: "All 214 posts with their comments exported and kept with the department's records.",
    Closing.ADMINS_EMPTIED: "Nobody but the town's own account is left on the list of people.",
    Closing.CREDENTIALS_HANDED_OVER: "The IT Technician has the sign-in and has changed its password.",
    Closing.PROFILE_SAYS_SO: "The profile says that the page is closed and where to turn.",
}


@dataclass(frozen=True, slots=True)
class Play:
    """The demo's clock, and the cast as it is on the day the clock shows."""

    clock: FixedClock

    def who(self, box: str) -> Actor:
        return cast.actor(box, clocks.today(self.clock))

    # Networks, by name.

    def propose(self, box: str, name: str, kind: NetworkKind, hosts: str) -> None:
        terms = f"https://terms.example/{name.lower()}"
        networks.propose(self.who(box), name=name, kind=kind, hosts=hosts, terms_url=terms, clock=self.clock)

    def assess(self, name: str, text: str = FINDING) -> None:
        found = Network.get(Network.name == name)
        networks.assess(self.who("it"), found.id, found.version, text=text, clock=self.clock)

    def decide_network(self, name: str, *, approve: bool = True, reason: str = "") -> None:
        found, actor = Network.get(Network.name == name), self.who("administrator")
        networks.decide(actor, found.id, found.version, approve=approve, reason=reason, clock=self.clock)

    def withdraw_network(self, name: str, reason: str) -> None:
        found, actor = Network.get(Network.name == name), self.who("administrator")
        networks.withdraw(actor, found.id, found.version, reason=reason, clock=self.clock)

    def add_mailbox(self, box: str, address: str, purpose: str) -> None:
        networks.add_mailbox(self.who(box), address=address, purpose=purpose, clock=self.clock)

    # Coordinators, by mailbox: the latest letter about them.

    def appoint(self, head: str, box: str, *, starts_in: int) -> None:
        actor, person = self.who(head), self.who(box)
        appointments.propose(
            actor,
            department_id=cast.department_id(actor.department_name),
            person_id=person.person_id or 0,
            letter=(
                f"I appoint {person.name} as Social Media Coordinator of the {actor.department_name} department, "
                "to oversee our sites, their compliance with the policy and their security.\n\n"
                f"{actor.name}"
            ),
            starts_on=clocks.today(self.clock) + timedelta(days=starts_in),
            clock=self.clock,
        )

    def letter(self, box: str) -> Appointment:
        about = Appointment.select().where(Appointment.person == self.who(box).person_id)
        found: Appointment = about.order_by(Appointment.id.desc()).get()
        return found

    def file(self, box: str) -> None:
        found = self.letter(box)
        appointments.file(self.who("administrator"), found.id, found.version, clock=self.clock)

    def start_due(self) -> None:
        appointments.start_due(clock=self.clock)

    def end(self, head: str, box: str) -> None:
        found = self.letter(box)
        appointments.end(self.who(head), found.id, found.version, clock=self.clock)

    def hand_over(self, head: str, leaving: str, coming: str, notes: str) -> None:
        found, person = self.letter(leaving), self.who(coming)
        first = clocks.today(self.clock) + timedelta(days=10)
        appointments.hand_over(
            self.who(head), found.id, found.version,
            person_id=person.person_id or 0, starts_on=first, last_day=first + timedelta(days=14), notes=notes,
            letter=f"{person.name} takes over as Social Media Coordinator of our department.", clock=self.clock,
        )  # fmt: skip

    # Sites, by title.

    def ask(self, head: str, title: str, address: str, *, plan: str, cadence: Cadence, email: str = "") -> None:
        actor = self.who(head)
        facts = SiteFacts(
            address=address,
            title=title,
            account_email=email or f"{actor.department_name.lower()}@{cast.DOMAIN}",
            purpose="Tell residents what the department does and hear what they need.",
            audience="Residents of Charlton and their families",
            plan=plan,
            cadence=cadence,
            attested=frozenset(ATTESTATIONS),
            prepared=frozenset(PREPARATIONS),
        )
        department_id = cast.department_id(actor.department_name)
        requests.ask(actor, department_id, facts, domains=(cast.DOMAIN,), clock=self.clock)

    def site(self, title: str) -> Site:
        found: Site = Site.get(Site.title == title)
        return found

    def advise(self, title: str, *, recommended: bool = True, text: str = "") -> None:
        found = self.site(title)
        requests.advise(self.who("it"), found.id, found.version, recommended=recommended, text=text, clock=self.clock)

    def decide(self, title: str, decision: Decision = Decision.APPROVE, reason: str = "") -> None:
        found, actor = self.site(title), self.who("administrator")
        requests.decide(actor, found.id, found.version, decision=decision, reason=reason, clock=self.clock)

    def withdraw(self, head: str, title: str) -> None:
        found = self.site(title)
        requests.withdraw(self.who(head), found.id, found.version, clock=self.clock)

    def check(self, title: str) -> None:
        """Answer both checklists of a site for the first time, everything in order."""
        for kind in ChecklistKind:
            lines = {
                line: LineFacts(Answer.YES, proof=ProofFacts(note="Looked at on the page and in its settings."))
                for line in lines_of(kind)
            }
            checklists.answer(
                self.who("it"), self.site(title).id, kind,
                number=1, version=0, lines=lines, complete=True, clock=self.clock,
            )  # fmt: skip

    def activate(self, head: str, title: str) -> None:
        self.check(title)
        found = self.site(title)
        living.activate(self.who(head), found.id, found.version, clock=self.clock)

    def suspend(self, title: str, reason: str) -> None:
        found = self.site(title)
        living.suspend(self.who("administrator"), found.id, found.version, reason=reason, clock=self.clock)

    def deactivate(self, title: str, reason: str) -> None:
        for step, note in CLOSED.items():
            found = self.site(title)
            living.show_closing(self.who("it"), found.id, found.version, step, ProofFacts(note=note), clock=self.clock)
        found = self.site(title)
        living.deactivate(self.who("administrator"), found.id, found.version, reason=reason, clock=self.clock)


Facts = ParamSpec("Facts")
Player = TypeVar("Player", bound=Play)


def line(
    days: float, act: Callable[Concatenate[Player, Facts], None], *facts: Facts.args, **more: Facts.kwargs
) -> tuple[float, Callable[[Player], None]]:
    """One line of the script: how many days before today, and what happened then."""
    return days, lambda play: act(play, *facts, **more)


SCRIPT = (
    # Networks in every state.
    line(720, Play.propose, "it", "Facebook", NetworkKind.SOCIAL_NETWORK, "facebook.com"),
    line(718, Play.assess, "Facebook"),
    line(715, Play.decide_network, "Facebook"),
    line(720, Play.propose, "it", "Instagram", NetworkKind.PHOTO, "instagram.com"),
    line(718, Play.assess, "Instagram"),
    line(715, Play.decide_network, "Instagram"),
    line(690, Play.propose, "it", "X", NetworkKind.MICROBLOG, "x.com"),
    line(686, Play.assess, "X"),
    line(680, Play.decide_network, "X"),
    line(690, Play.propose, LIBRARY, "Flickr", NetworkKind.PHOTO, "flickr.com"),
    line(686, Play.assess, "Flickr"),
    line(680, Play.decide_network, "Flickr"),
    line(118, Play.withdraw_network, "Flickr", "No department uses it any more."),
    line(200, Play.propose, LIBRARY, "TikTok", NetworkKind.VIDEO, "tiktok.com"),
    line(196, Play.assess, "TikTok", "Comments can not be exported for the record, and town phones may not have it."),
    line(194, Play.decide_network, "TikTok", approve=False, reason="We could not keep the record that we must keep."),
    line(9, Play.propose, POLICE, "YouTube", NetworkKind.VIDEO, "youtube.com youtu.be"),
    line(6, Play.assess, "YouTube", f"{FINDING} Comments can be switched off per video."),
    line(3, Play.propose, LIBRARY, "Nextdoor", NetworkKind.FORUM, "nextdoor.com"),
    # Mailboxes that are official besides the town's own domain.
    line(712, Play.add_mailbox, "it", "charlton@region-libraries.example", "The library's box at the regional network"),
    line(300, Play.add_mailbox, "administrator", "charlton.pd@tips.example", "Tips to the police department"),
    # Coordinators: two active, one ended and filed again, one proposed.
    line(714, Play.appoint, LIBRARY, "coordinator.library", starts_in=4),
    line(714, Play.appoint, POLICE, "coordinator.police", starts_in=4),
    line(713, Play.file, "coordinator.library"),
    line(713, Play.file, "coordinator.police"),
    line(708, Play.start_due),
    line(420, Play.appoint, POLICE, "user.police", starts_in=1),
    line(419.9, Play.file, "user.police"),
    line(416, Play.start_due),
    line(330, Play.end, POLICE, "user.police"),
    line(4, Play.appoint, POLICE, "user.police", starts_in=12),
    line(2, Play.file, "user.police"),
    line(
        1, Play.hand_over, LIBRARY, "coordinator.library", "user.library",
        "The school posts our reading list too: tell them when it changes.",
    ),
    # The library's sites.
    line(
        706, Play.ask, LIBRARY, "Charlton Public Library", "https://www.facebook.com/CharltonPublicLibrary",
        plan="Cody posts three times a week and answers within a day.", cadence=Cadence.WEEKLY,
    ),
    line(704, Play.advise, "Charlton Public Library"),
    line(702, Play.decide, "Charlton Public Library"),
    line(700, Play.activate, LIBRARY, "Charlton Public Library"),
    line(
        520, Play.ask, LIBRARY, "Library in Pictures", "https://www.instagram.com/charltonlibrary",
        plan="Two pictures a week from events, with descriptions.", cadence=Cadence.MONTHLY,
        email="charlton@region-libraries.example",
    ),
    line(517, Play.advise, "Library in Pictures"),
    line(514, Play.decide, "Library in Pictures"),
    line(512, Play.activate, LIBRARY, "Library in Pictures"),
    line(
        640, Play.ask, LIBRARY, "Library Albums", "https://www.flickr.com/photos/charltonlibrary",
        plan="Albums of past events.", cadence=Cadence.QUARTERLY,
    ),
    line(637, Play.advise, "Library Albums"),
    line(634, Play.decide, "Library Albums"),
    line(632, Play.activate, LIBRARY, "Library Albums"),
    line(120, Play.deactivate, "Library Albums", "Moved to the library's website; last capture taken."),
    line(
        250, Play.ask, LIBRARY, "Book Club Group", "https://www.facebook.com/groups/CharltonBookClub",
        plan="Members talk about the book of the month.", cadence=Cadence.WEEKLY,
    ),
    line(247, Play.advise, "Book Club Group", recommended=False, text="A closed group can not be captured."),
    line(244, Play.decide, "Book Club Group", Decision.DECLINE, "What we publish must stay open to everybody."),
    line(
        150, Play.ask, LIBRARY, "Summer Reading", "https://www.instagram.com/charltonsummerreading",
        plan="A picture a day in July and August.", cadence=Cadence.WEEKLY,
    ),
    line(147, Play.withdraw, LIBRARY, "Summer Reading"),
    line(
        2, Play.ask, LIBRARY, "Library Notices", "https://x.com/CharltonLibrary",
        plan="Closings and new arrivals, one or two posts a day.", cadence=Cadence.WEEKLY,
    ),
    # The police department's sites.
    line(
        706, Play.ask, POLICE, "Charlton Police", "https://www.facebook.com/CharltonPoliceMA",
        plan="Notices as they come; comments are read every business day.", cadence=Cadence.DAILY,
    ),
    line(704, Play.advise, "Charlton Police"),
    line(702, Play.decide, "Charlton Police"),
    line(701, Play.activate, POLICE, "Charlton Police"),
    line(
        400, Play.ask, POLICE, "Police Alerts", "https://x.com/CharltonPDAlerts",
        plan="Road closings and alerts, nothing else.", cadence=Cadence.DAILY,
    ),
    line(397, Play.advise, "Police Alerts"),
    line(394, Play.decide, "Police Alerts"),
    line(392, Play.activate, POLICE, "Police Alerts"),
    line(13, Play.suspend, "Police Alerts", "Stopped until the second administrator has a second factor."),
    line(
        24, Play.ask, POLICE, "Police Recruiting", "https://www.facebook.com/CharltonPoliceJobs",
        plan="Open positions and what the work is like.", cadence=Cadence.MONTHLY,
    ),
    line(20, Play.advise, "Police Recruiting", text="Fine with a second administrator."),
    line(
        16, Play.decide, "Police Recruiting", Decision.ASK_FOR_CHANGES,
        "Say in the plan who answers questions of applicants, and within how many days.",
    ),
    line(
        15, Play.ask, POLICE, "Community Policing", "https://www.instagram.com/charltoncommunitypolice",
        plan="One story a week from the neighborhoods.", cadence=Cadence.WEEKLY,
    ),
    line(12, Play.advise, "Community Policing"),
    line(7, Play.decide, "Community Policing"),
    line(
        8, Play.ask, POLICE, "Animal Control", "https://www.facebook.com/CharltonAnimalControl",
        plan="Found and lost animals, every business day.", cadence=Cadence.WEEKLY,
    ),
    line(5, Play.advise, "Animal Control"),
)  # fmt: skip


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Play two years of requests and decisions, and leave some for today."""
    run(clock, Play(clock), SCRIPT)


def run(clock: FixedClock, player: Player, script: Iterable[tuple[float, Callable[[Player], None]]]) -> None:
    """Play a script from its oldest line on; the clock stands where it stood."""
    end = clock.at
    for days, act in sorted(script, key=lambda entry: -entry[0]):
        clock.at = _workday(end - timedelta(days=days))
        act(player)
    clock.at = end


def _workday(moment: datetime) -> datetime:
    """The moment itself, or the Friday before: nobody decides on a weekend."""
    return moment - timedelta(days=max(0, clocks.town_time(moment).weekday() - 4))
