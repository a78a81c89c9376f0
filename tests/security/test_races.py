"""Presses at the same moment, on connections of their own: one effect, on both engines."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from charlton_intranet.accounts import passwords, service, tokens
from charlton_intranet.accounts.models import LoginSession, Person, RoleAssignment
from charlton_intranet.core import database
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.errors import Invalid, NotFound, Refusal
from charlton_intranet.core.permissions import Role
from charlton_intranet.demo import cast
from charlton_intranet.oversight.models import LadderSetting
from charlton_intranet.oversight.queries.calendars import feed_of
from charlton_intranet.oversight.rules.calendars import CalendarDetail
from charlton_intranet.oversight.service.calendars import make_feed
from charlton_intranet.oversight.service.ladders import Proposal, change_ladder
from charlton_intranet.parts import Parts
from charlton_intranet.reviews import service as reviews
from charlton_intranet.reviews.models import HandedOver
from tests.accounts.test_letters import NEW, ask, letters
from tests.conftest import START, Town
from tests.reviews.factories import make_site

AT_ONCE = 8


def press_together(act: Callable[[int], object]) -> list[str]:
    """What each of the presses came to: the name of its refusal, or nothing."""
    start, came_to = threading.Barrier(AT_ONCE), []

    def press(number: int) -> None:
        start.wait()
        try:
            with database.connection():
                act(number)
        except Refusal as refusal:
            came_to.append(type(refusal).__name__)
        else:
            came_to.append("")

    threads = [threading.Thread(target=press, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came_to)


def test_a_one_time_link_is_redeemed_once(own_town: Parts) -> None:
    with database.connection():
        person_id = service.invite(
            cast.actor("it", START.date()), name="New Person", email="new.person@charlton.example", title="",
            department_id=None, domains=("charlton.example",), clock=own_town.clock,
        )  # fmt: skip
        token = letters("new.person")[-1].rpartition("/")[2]

    def redeem(number: int) -> None:
        service.set_password(token, f"{NEW}-{number}", town_words=(), address="", clock=own_town.clock)

    assert press_together(redeem) == ["", *["NotFound"] * (AT_ONCE - 1)]
    with database.connection():
        assert Person.get_by_id(person_id).password_hash


def test_a_role_is_given_once(own_town: Parts) -> None:
    with database.connection():
        actor = cast.actor("administrator", START.date())
        person_id = Person.get(Person.email == "employee@charlton.example").id

    def give(_number: int) -> None:
        service.give_role(
            actor, person_id, Role.AUDITOR, department_id=None, starts=START.date() + timedelta(days=3),
            clock=own_town.clock,
        )  # fmt: skip

    assert press_together(give) == ["", *["Invalid"] * (AT_ONCE - 1)]
    with database.connection():
        assert RoleAssignment.select().where(RoleAssignment.person == person_id).count() == 1


class Interrupted(PasswordHasher):
    """The real argon2; once the old password is found right, something else happens before the answer is used."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def verify(self, *args: Any, **kwargs: Any) -> Any:
        found = super().verify(*args, **kwargs)
        self.meanwhile()
        return found


@pytest.fixture
def reset_while_checking(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """IT's password is reset in the very moment in which the old one is being checked."""
    path = ask(town, "it")
    token = path.rpartition("/")[2]
    monkeypatch.setattr(
        passwords,
        "_hasher",
        Interrupted(lambda: service.set_password(token, NEW, town_words=(), address="", clock=town.clock)),
    )


@pytest.mark.usefixtures("reset_while_checking")
def test_a_sign_in_with_the_old_password_does_not_outlive_its_reset(town: Town) -> None:
    with pytest.raises(Invalid):
        service.sign_in("it@charlton.example", cast.PASSWORD, address="", agent="", clock=town.clock)
    assert not LoginSession.select().where(LoginSession.person == town.person_id("it")).exists()


@pytest.mark.usefixtures("reset_while_checking")
def test_a_proof_with_the_old_password_does_not_outlive_its_reset(town: Town) -> None:
    with pytest.raises(Invalid):
        service.prove("token", town.actor("it"), cast.PASSWORD, clock=town.clock)


def test_a_link_does_not_open_an_account_that_was_closed_meanwhile(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    token = ask(town, "employee").rpartition("/")[2]
    person = Person.get_by_id(town.person_id("employee"))

    class Closing(PasswordHasher):
        def hash(self, *args: Any, **kwargs: Any) -> str:
            service.disable(town.actor("it"), person.id, person.version, clock=town.clock)
            return super().hash(*args, **kwargs)

    monkeypatch.setattr(passwords, "_hasher", Closing())
    with pytest.raises(NotFound):
        service.set_password(token, NEW, town_words=(), address="", clock=town.clock)
    assert not service.resume(token, address="", clock=town.clock)
    assert Person.get_by_id(person.id).disabled_at is not None


def test_sites_are_handed_over_once_and_taken_back_once(own_town: Parts, app: Flask) -> None:
    with database.connection():
        town = Town(own_town, FixedClock(START), app)
        actor, colleague = town.actor("coordinator.library"), town.person_id("head.library")
        sites = [make_site(town), make_site(town)]

    def hand_over(_number: int) -> None:
        reviews.hand_over(actor, sites, colleague, starts=town.today, ends=town.today, clock=town.clock)

    assert press_together(hand_over) == [""] * AT_ONCE
    with database.connection():
        assert HandedOver.select().count() == len(sites)
        made = HandedOver.get()

    def take_back(_number: int) -> None:
        reviews.take_back(actor, made.id, made.version, clock=town.clock)

    assert press_together(take_back) == ["", *["StaleState"] * (AT_ONCE - 1)]


def test_of_several_ladders_saved_at_once_one_counts(own_town: Parts) -> None:
    with database.connection():
        actor = cast.actor("administrator", START.date())
    kinds = own_town.register.kinds

    def save(number: int) -> None:
        proposal = Proposal((number + 1, 0), 1, 1, 1, courtesy=False, reason="Earlier")
        change_ladder(actor, kinds, kinds[0].name, proposal, 0, clock=own_town.clock)

    assert press_together(save) == ["", *["StaleState"] * (AT_ONCE - 1)]
    with database.connection():
        assert LadderSetting.select().count() == 1


def test_of_several_calendar_addresses_made_at_once_one_is_left(own_town: Parts) -> None:
    with database.connection():
        actor = cast.actor("coordinator.library", START.date())
    made: list[str] = []

    def make(_number: int) -> None:
        made.append(make_feed(actor, CalendarDetail.TITLES, clock=own_town.clock))

    assert press_together(make) == [""] * AT_ONCE
    with database.connection():
        assert len({token for token in made if feed_of(tokens.digest(token))}) == 1
