"""Who is on the demo town's pages: lists with every kind of difference, reviews open and closed, people who leave."""

from datetime import timedelta

from charlton_intranet.access import queries
from charlton_intranet.access.models import AdminEntry, Departure
from charlton_intranet.access.queries import reviews as review_queries
from charlton_intranet.access.queries.matching import matches
from charlton_intranet.access.rules import Asked, DepartureKind, EntryKind, PageRole, read_list
from charlton_intranet.access.service import departures, lists, reviews
from charlton_intranet.access.service.lists import EntryFacts
from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo.sites import Play, line, run
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.service.proofs import ProofFacts

LIBRARY, POLICE = "Charlton Public Library", "Charlton Police"

# As it is copied from the settings of a page.
LIBRARY_BEFORE = """People with Facebook access
Cody Barnes
You
Facebook access with full control
Helen Marsh
Facebook access with full control
Uma Reyes
Facebook access with partial control
Harbor Media Agency
Partial access"""
LIBRARY_NOW = """Cody Barnes
You
Facebook access with full control
Helen Marsh
Facebook access with full control
Uma Reyes
Facebook access with partial control
Edie Bookmobile
Facebook access with partial control
R. Alvarez
Partial access"""
POLICE_BEFORE = """Paul Hadley\tAdmin
Carla Nunez\tAdmin
Edith Lowe\tModerator"""
POLICE_NOW = """• Paul Hadley (Admin)
• Carla Nunez (Editor)
• Town of Charlton Office (Moderator)"""


class AccessPlay(Play):
    """The play around who is on the pages."""

    __slots__ = ()

    def person(self, box: str) -> int:
        return self.who(box).person_id or 0

    def enter(self, box: str, title: str, text: str) -> None:
        site_id = Site.get(Site.title == title).id
        read = read_list(text)
        facts = [
            EntryFacts(entry, entry.role, found.kind, found.person_id)
            for entry, found in zip(read, matches(site_id, read), strict=True)
        ]
        last = queries.last_admin_list([site_id]).get(site_id)
        after = last.id if last else 0
        proof = ProofFacts(note="Copied from the settings of the page.")
        lists.save_list(self.who(box), site_id, facts, proof, after=after, clock=self.clock)

    def entry(self, name: str) -> AdminEntry:
        found: AdminEntry = (
            AdminEntry.select().where(AdminEntry.name == name).order_by(AdminEntry.id.desc()).get()
        )  # fmt: skip
        return found

    def identify(self, box: str, name: str, as_whom: str) -> None:
        entry, person_id = self.entry(name), self.person(as_whom)
        site_id = entry.admin_list.site_id
        lists.identify(
            self.who(box), site_id, entry.id, kind=EntryKind.PERSON, person_id=person_id, clock=self.clock
        )  # fmt: skip

    def stranger_off(self, box: str, name: str, note: str) -> None:
        entry, proof = self.entry(name), ProofFacts(note=note)
        lists.show_stranger_off(self.who(box), entry.admin_list.site_id, entry.id, proof=proof, clock=self.clock)

    def take_off(self, box: str, title: str, whom: str, note: str) -> None:
        lists.show_change(
            self.who(box), Site.get(Site.title == title).id, person_id=self.person(whom), role=PageRole.NOTHING,
            proof=ProofFacts(note=note), clock=self.clock,
        )  # fmt: skip

    def open_review(self) -> None:
        if not reviews.open_due(clock=self.clock):
            reviews.open_now(self.who("administrator"), clock=self.clock)

    def answer_all(self) -> None:
        """The heads keep what the last quarter's review asked them."""
        day = clocks.today(self.clock)
        review = review_queries.reviews()[0]
        for row in review_queries.rows_page(self.who("administrator"), review.id, day).rows:
            head = self.who(f"head.{row.department.lower()}")
            note = "Posts there every week." if row.flags else ""
            reviews.answer(head, row.id, row.version, keep=True, note=note, clock=self.clock)

    def ask_about(self, head: str, person: str, question: str) -> None:
        actor = self.who(head)
        rows = review_queries.rows_page(actor, review_queries.reviews()[0].id, clocks.today(self.clock)).rows
        row = next(row for row in rows if row.person == person and row.department_id == actor.department_id)
        reviews.ask(actor, row.id, row.version, asked=Asked.COORDINATOR, question=question, clock=self.clock)

    def leaves(self, by: str, box: str, kind: DepartureKind, *, ends_in: int, note: str) -> None:
        departures.open_departure(
            self.who(by), person_id=self.person(box), kind=kind,
            last_day=clocks.today(self.clock) + timedelta(days=ends_in), note=note, clock=self.clock,
        )  # fmt: skip

    def departure(self, box: str) -> Departure:
        found: Departure = Departure.get(Departure.person == self.person(box))
        return found

    def settle(self, by: str, box: str, handed_over: str) -> None:
        found = self.departure(box)
        departures.hand_over(self.who(by), found.id, found.version, note=handed_over, clock=self.clock)
        departures.settle(self.who(by), found.id, found.version + 1, clock=self.clock)

    def stays(self, by: str, box: str) -> None:
        found = self.departure(box)
        departures.call_off(self.who(by), found.id, found.version, clock=self.clock)


SCRIPT = (
    # A list of last quarter, whose agency was taken off; and the newest, with a name that nobody knows.
    line(97, AccessPlay.enter, "coordinator.library", LIBRARY, LIBRARY_BEFORE),
    line(
        94, AccessPlay.stranger_off, "coordinator.library", "Harbor Media Agency", "Contract over; off the page."
    ),
    line(3, AccessPlay.enter, "coordinator.library", LIBRARY, LIBRARY_NOW),
    line(2, AccessPlay.identify, "coordinator.library", "Edie Bookmobile", "employee"),
    line(60, AccessPlay.enter, "coordinator.police", POLICE, POLICE_BEFORE),
    line(38, AccessPlay.take_off, "coordinator.police", POLICE, "employee", "The list of the page shows her no more."),
    line(4, AccessPlay.enter, "coordinator.police", POLICE, POLICE_NOW),
    # Last quarter's review, and this one's with a question.
    line(96, AccessPlay.open_review),
    line(90, AccessPlay.answer_all),
    line(2.5, AccessPlay.open_review),
    line(
        1.5, AccessPlay.ask_about, "head.library", "Edith Lowe", "Does she still answer in winter?"
    ),
    # Somebody moved, somebody stays after all, somebody leaves.
    line(75, AccessPlay.leaves, "it", "employee", DepartureKind.MOVES, ends_in=5, note="Lent to the water works."),
    line(69, AccessPlay.settle, "it", "employee", "The phone of the road crew stays in the garage."),
    line(
        30, AccessPlay.leaves, "administrator", "records", DepartureKind.LEAVES, ends_in=20, note="Has an offer."
    ),
    line(26, AccessPlay.stays, "administrator", "records"),
    line(
        1,
        AccessPlay.leaves,
        "head.police",
        "user.police",
        DepartureKind.LEAVES,
        ends_in=12,
        note="Joins the State.",
    ),
)  # fmt: skip


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Play lists, reviews and departures of the past quarter, and leave some for today."""
    run(clock, AccessPlay(clock), SCRIPT)
