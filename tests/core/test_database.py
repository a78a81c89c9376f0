import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum, auto

import peewee
import pytest

from charlton_intranet.accounts.models import Attempt, Person
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core import database
from charlton_intranet.core.database import in_unit_of_work, unit_of_work, update_current
from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.fields import ChoiceField
from charlton_intranet.demo import cast
from charlton_intranet.parts import Parts
from tests.conftest import Town

# --- unit of work ---------------------------------------------------------------------------------------


def test_a_failed_unit_leaves_nothing(town: Town) -> None:
    def fail() -> None:
        with unit_of_work():
            Attempt.insert(key="k" * 64, at=town.clock.now()).execute()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Attempt.select().exists()
    assert not in_unit_of_work()


def test_units_do_not_nest(town: Town) -> None:
    with unit_of_work(), pytest.raises(RuntimeError, match="open already"), unit_of_work():
        pass
    assert not in_unit_of_work()


def test_a_stale_version_changes_nothing(town: Town) -> None:
    person_id = town.person_id("it")
    update_current(Person, person_id, 1, title="First")
    with pytest.raises(StaleState):
        update_current(Person, person_id, 1, title="Second")
    with pytest.raises(StaleState):
        update_current(Person, 999_999, 1, title="Nobody")
    found = Person.get_by_id(person_id)
    assert (found.title, found.version) == ("First", 2)


def test_units_run_one_after_the_other(own_town: Parts) -> None:
    """What one has read stays true until it is over, and two that need the same rows in opposite order both end."""

    def add(first: str, second: str) -> None:
        with unit_of_work():
            for email in (first, second):
                found = Person.get(Person.email == email)
                time.sleep(0.005)  # long enough for the others to read the same
                Person.update(title=found.title + "x").where(Person.id == found.id).execute()

    people = [f"{box}@{cast.DOMAIN}" for box in ("it", "administrator")]
    Person.update(title="").execute()
    with ThreadPoolExecutor(12) as pool:
        for done in [pool.submit(add, *pair) for pair in [people, people[::-1]] * 6]:
            done.result()
    titles = [row.title for row in Person.select().where(Person.email.in_(people))]
    assert titles == ["x" * 12] * 2


@pytest.mark.parametrize("url", ["mysql://localhost/x", "nothing", ""])
def test_another_database_is_refused_by_name(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite or postgresql"):
        database.connect(url)


def test_sqlite_is_set_to_survive_a_crash() -> None:
    pragmas = database.sqlite_pragmas()
    assert (pragmas["foreign_keys"], pragmas["busy_timeout"]) == ("ON", 5000)
    assert (pragmas["journal_mode"], pragmas["synchronous"]) in {("WAL", "FULL"), ("DELETE", "EXTRA")}
    assert (pragmas["journal_mode"] == "WAL") is database.wal_is_safe()


# --- fields ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 15, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 11, 1, 1, 30, tzinfo=timezone(timedelta(hours=-4))),
        datetime(2026, 11, 1, 1, 30, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(town: Town, moment: datetime) -> None:
    Attempt.insert(key="k" * 64, at=moment).execute()
    kept = Attempt.get().at
    assert kept == moment
    assert kept.utcoffset() == timedelta(0)
    (latest,) = database.rows(Attempt.select(peewee.fn.MAX(Attempt.at)))[0]
    assert latest == moment


def test_a_naive_moment_is_not_stored(town: Town) -> None:
    naive = datetime(2026, 11, 23, 15)  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="say which zone"):
        Attempt.insert(key="k" * 64, at=naive).execute()


def test_moments_are_compared_in_time_not_by_their_text(town: Town) -> None:
    early = datetime(2026, 11, 23, 23, 0, tzinfo=timezone(timedelta(hours=5)))
    Attempt.insert(key="k" * 64, at=early).execute()
    assert Attempt.select().where(Attempt.at < datetime(2026, 11, 23, 18, 1, tzinfo=UTC)).exists()
    assert not Attempt.select().where(Attempt.at < datetime(2026, 11, 23, 18, 0, tzinfo=UTC)).exists()


def test_a_choice_comes_back_as_its_member(town: Town) -> None:
    assert Person.get_by_id(town.person_id("it")).state is PersonState.ACTIVE


def test_the_database_itself_refuses_a_state_that_is_none(town: Town) -> None:
    with pytest.raises(peewee.IntegrityError), database.database.atomic():
        database.database.execute_sql("UPDATE person SET state = 'retired'")
    with pytest.raises(ValueError, match="retired"):
        Person.update(state="retired").execute()


def test_a_choice_field_names_every_value_in_its_check() -> None:
    class Light(StrEnum):
        RED = auto()
        GREEN = auto()

    class Crossing(peewee.Model):
        light = ChoiceField(Light)

    with Crossing.bind_ctx(peewee.SqliteDatabase(":memory:")):
        Crossing.create_table()
        Crossing.create(light=Light.GREEN)
        assert Crossing.get().light is Light.GREEN
        (row,) = Crossing._meta.database.execute_sql("SELECT sql FROM sqlite_master").fetchall()
        Crossing._meta.database.close()
    assert "CHECK (\"light\" IN ('red', 'green'))" in row[0]
