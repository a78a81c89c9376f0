"""Who could do what on a past day: folded back from the record, held against what was computed at the time."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import peewee
import pytest

from charlton_intranet.accounts import queries as people
from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import RoleAssignment
from charlton_intranet.core import clock as clocks
from charlton_intranet.core.errors import Refusal
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants import service
from charlton_intranet.grants.queries.history import who_could
from charlton_intranet.grants.queries.sheets import everything_about
from charlton_intranet.grants.rules import Capability, Verdict, authority
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.queries import site_ref
from charlton_intranet.sites.service import living, networks
from tests.conftest import Town
from tests.grants.factories import approved, designated, newest, signed
from tests.policy import factories as policy
from tests.sites.factories import site as make_site

C = Capability
CAST = ("user.library", "user.police", "coordinator.library", "head.library")


class Play:
    """Random use cases of every kind that authority depends on; what is refused did not happen."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.chance = town, random.Random(seed)  # noqa: S311 - a replayable play, no secret
        self.site = make_site(town)
        self.moves: tuple[Callable[[], object], ...] = (
            self.designate, self.designate, self.approve, self.approve, self.approve, self.decline, self.take_back,
            self.sign, self.sign, self.sign, self.sign, self.suspend, self.reactivate, self.reactivate, self.reactivate,
            self.close, self.reopen, self.reopen, self.reopen, self.act_as_head, self.end_acting, self.new_major,
            self.withdraw_network,
        )  # fmt: skip
        self.happened, self.late = 0, False

    def who(self) -> str:
        return self.chance.choice(CAST)

    def step(self) -> None:
        try:
            self.chance.choice(self.moves)()
            self.happened += 1
        except (Refusal, peewee.DoesNotExist, IndexError):
            pass

    def designate(self) -> None:
        until = self.chance.choice([None, None, self.town.today, self.town.today + timedelta(days=1)])
        head = self.chance.choice(["head.library", "user.police"])
        designated(self.town, self.who(), self.site, self.chance.choice(list(C)), until=until, head=head)

    def _decide(self, *, approve: bool) -> None:
        grant = newest(self.town, self.who(), self.site)
        actor = self.town.actor("administrator")
        service.decide(actor, grant.id, grant.version, approve=approve, reason="Because.", clock=self.town.clock)

    def approve(self) -> None:
        self._decide(approve=True)

    def decline(self) -> None:
        self._decide(approve=False)

    def take_back(self) -> None:
        grant = newest(self.town, self.who(), self.site)
        service.take_back(
            self.town.actor("administrator"), grant.id, grant.version, reason="Enough.", clock=self.town.clock
        )

    def sign(self) -> None:
        signed(self.town, self.who())

    def suspend(self) -> None:
        kept = Site.get_by_id(self.site.id)
        living.suspend(self.town.actor("administrator"), kept.id, kept.version, reason="x", clock=self.town.clock)

    def reactivate(self) -> None:
        kept = Site.get_by_id(self.site.id)
        living.reactivate(self.town.actor("administrator"), kept.id, kept.version, clock=self.town.clock)

    def close(self) -> None:
        kept = people.person(self.town.person_id(self.who()))
        accounts.disable(self.town.actor("it"), kept.id, kept.version, clock=self.town.clock)

    def reopen(self) -> None:
        kept = people.person(self.town.person_id(self.who()))
        accounts.enable(self.town.actor("it"), kept.id, kept.version, clock=self.town.clock)

    def act_as_head(self) -> None:
        starts = self.town.today + timedelta(days=self.chance.choice([0, 0, 1]))
        accounts.give_role(
            self.town.actor("administrator"), self.town.person_id("user.police"), Role.DEPARTMENT_HEAD,
            department_id=self.town.department_id("Library"), starts=starts,
            ends=starts + timedelta(days=self.chance.choice([0, 1])), acting=True, reason="Leave",
            clock=self.town.clock,
        )  # fmt: skip

    def end_acting(self) -> None:
        held = self.chance.choice(list(RoleAssignment.select().where(RoleAssignment.acting)))
        accounts.end_role(
            self.town.actor("administrator"), held.person_id, held.id, held.version, clock=self.town.clock
        )

    def new_major(self) -> None:
        if self.chance.random() < 0.3:
            policy.publish(self.town)

    def withdraw_network(self) -> None:
        if self.late:
            kept = Network.get_by_id(self.site.network_id)
            networks.withdraw(
                self.town.actor("administrator"), kept.id, kept.version, reason="x", clock=self.town.clock
            )


Seen = dict[tuple[int, Capability], Verdict]


def photograph(town: Town, site: Site) -> Seen:
    """Every answer at this moment, as the app gives it."""
    found = everything_about([site.id], [town.person_id(box) for box in CAST], town.today)
    return {
        (person_id, asked): authority(found.facts(person_id, site.id), asked)
        for person_id in found.people
        for asked in C
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_record_gives_every_answer_again_that_was_given_at_the_time(town: Town, seed: int) -> None:
    policy.publish(town)
    play = Play(town, seed)
    photographs: list[tuple[datetime, Seen]] = []
    for step in range(110):
        play.late = step > 100
        town.clock.advance(minutes=play.chance.randint(1, 100))
        play.step()
        town.clock.advance(seconds=play.chance.randint(1, 50))
        photographs.append((town.clock.now(), photograph(town, play.site)))
    ref = site_ref(play.site.id)
    days = {clocks.town_time(at).date() for at, _ in photographs}
    folded = {(day, asked): who_could(ref, asked, day) for day in days for asked in C}
    wrong, yes = [], 0
    for at, seen in photographs:
        for (person_id, asked), verdict in seen.items():
            day = next((one for one in folded[clocks.town_time(at).date(), asked] if one.person_id == person_id), None)
            told = next((cut.verdict for cut in day.intervals if cut.since <= at < cut.until), None) if day else None
            yes += verdict.allowed
            if (told is None and verdict.allowed) or (told is not None and told != verdict):
                wrong.append((at, person_id, asked, verdict, told))
    assert wrong == []
    assert play.happened > 30
    assert yes > 0


def test_a_day_is_answered_to_the_minute_with_the_reason_for_each_stretch(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    town.clock.advance(hours=1)
    approved(town, "user.library", site, C.PUBLISH)
    town.clock.advance(hours=1)
    signed(town, "user.library")
    town.clock.advance(hours=2)
    kept = Site.get_by_id(site.id)
    living.suspend(town.actor("administrator"), kept.id, kept.version, reason="A check.", clock=town.clock)
    day = town.today
    town.clock.advance(days=100)
    found = who_could(site_ref(site.id), C.PUBLISH, day)
    assert [one.person for one in found] == ["Helen Marsh", "Uma Reyes"]
    assert found[0].allowed == []
    [could] = found[1].allowed
    assert [f"{clocks.town_time(moment):%H:%M}" for moment in (could.since, could.until)] == ["12:00", "14:00"]
    reasons = [cut.verdict.lapses[0].split(".")[0] for cut in found[1].intervals if not cut.verdict.allowed]
    assert reasons[-1] == "The site is not in use: it is “suspended”"
    year_before = who_could(site_ref(site.id), C.PUBLISH, day - timedelta(days=400))
    assert [(one.person, one.allowed) for one in year_before] == [("Helen Marsh", [])]


def test_an_account_counts_from_the_moment_its_password_was_set(town: Town) -> None:
    policy.publish(town)
    site = make_site(town)
    box, library = "nora.field", town.department_id("Library")
    person_id = accounts.invite(
        town.actor("it"), name="Nora Field", email=f"{box}@charlton.example", title="Page",
        domains=("charlton.example",), department_id=library, clock=town.clock,
    )  # fmt: skip
    accounts.give_role(
        town.actor("administrator"), person_id, Role.DEPARTMENT_HEAD, department_id=library,
        starts=town.today, clock=town.clock,
    )  # fmt: skip
    town.clock.advance(hours=2)
    token = str(OutboxMessage.select().order_by(OutboxMessage.id.desc()).get().text).rpartition("/welcome/")[2]
    accounts.set_password(token.split()[0], "plum-otter-window-9", town_words=(), address="192.0.2.7", clock=town.clock)
    town.clock.advance(hours=1)
    signed(town, box)
    town.clock.advance(hours=1)
    cuts = next(one for one in who_could(site_ref(site.id), C.PUBLISH, town.today) if one.person_id == person_id)
    no_account = "This person has no open account with the town."
    assert [no_account in cut.verdict.lapses for cut in cuts.intervals] == [True, True, False, False]
    assert [f"{clocks.town_time(cut.since):%H:%M}" for cut in cuts.allowed] == ["13:00"]
