"""Setting up a town and looking after it by the command line, as the IT technician would."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from charlton_intranet.accounts import queries
from charlton_intranet.cli import main
from charlton_intranet.core import database
from charlton_intranet.core.clock import SystemClock, today
from charlton_intranet.core.permissions import Role
from charlton_intranet.mail import messages
from charlton_intranet.settings import load

GOOD = {
    "--town": "Oakham",
    "--domain": "oakham.example",
    "--base-url": "https://social.oakham.example",
    "--name": "Tess Warden",
    "--email": "Tess@Oakham.example",
    "--password": "violet-canoe-thirteen-maps",
}


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands bind the process to their own database; give it back afterwards."""
    bound = database.database.obj
    monkeypatch.setattr(messages, "_current", None)
    handlers, level = list(logging.root.handlers), logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    if bound is not None:
        database.bind(bound)


def call(instance: Path, *arguments: str, **options: str) -> Result:
    result = CliRunner().invoke(main, ["--instance", str(instance), *arguments], **options)  # type: ignore[arg-type]
    if database.database.obj is not None:
        database.disconnect(database.database.obj)
    return result


def init(instance: Path, **changes: str) -> Result:
    given = {**GOOD, **{f"--{name.replace('_', '-')}": value for name, value in changes.items()}}
    return call(instance, "init", "--also-it", *[text for pair in given.items() for text in pair])


def test_init_makes_a_town_whose_administrator_can_start(tmp_path: Path) -> None:
    done = init(tmp_path / "town")
    assert done.exit_code == 0, done.output
    settings = load({}, instance=tmp_path / "town")
    assert (settings.town_name, settings.email_domains, settings.demo) == ("Oakham", ("oakham.example",), False)
    assert settings.secure
    database.bind(database.connect(settings.database))
    with database.connection():
        actor = queries.actor_by_email("tess@oakham.example", today(SystemClock()))
    assert actor.holds(Role.ADMINISTRATOR)
    assert actor.holds(Role.IT)
    database.disconnect(database.database.obj)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "tess@gmail.example"}, "official town address"),
        ({"password": "short"}, "at least 15 characters"),
        ({"password": "oakhamoakhamoakham"}, "easy to guess"),
        ({"domain": "not a domain"}, "Setting email_domains"),
        ({"base_url": "http://social.oakham.example"}, "Setting base_url"),
        ({"database_url": "mysql://x"}, "Setting database_url"),
    ],
)
def test_init_names_what_is_wrong_and_keeps_nothing(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    done = init(tmp_path / "town", **changes)
    assert done.exit_code == 1
    assert words in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "town" / "config.toml").exists()


def test_init_never_replaces_a_town(tmp_path: Path) -> None:
    init(tmp_path / "town")
    before = (tmp_path / "town" / "config.toml").read_text()
    again = init(tmp_path / "town", town="Elsewhere")
    assert again.exit_code == 1
    assert "set up already" in again.output
    assert (tmp_path / "town" / "config.toml").read_text() == before


def test_check_tells_a_program_what_is_fit(tmp_path: Path) -> None:
    init(tmp_path / "town")
    done = call(tmp_path / "town", "check", "--json")
    levels = {f["name"]: f["level"] for f in json.loads(done.stdout)["findings"]}
    assert done.exit_code == 0, done.output
    assert levels["migrations"] == "ok"
    assert levels["mail"] == "warn"


def test_check_finds_a_key_that_others_can_read(tmp_path: Path) -> None:
    init(tmp_path / "town")
    (tmp_path / "town" / "secret_key").chmod(0o644)
    done = call(tmp_path / "town", "check")
    assert done.exit_code == 1
    assert "bad   secret_key" in done.output


def test_verify_and_its_anchor(tmp_path: Path) -> None:
    init(tmp_path / "town")
    told = json.loads(call(tmp_path / "town", "verify", "--json").stdout)
    assert told["audit"]["fault"] is None
    head = f"{told['audit']['events']}:{told['audit']['head']}"
    assert call(tmp_path / "town", "verify", "--anchor", head).exit_code == 0
    foreign = f"{told['audit']['events']}:{'0' * 64}"
    bad = call(tmp_path / "town", "verify", "--anchor", foreign)
    assert bad.exit_code == 1
    assert "differs from the head that was handed out" in bad.output


def test_commands_ask_for_the_migration_first(tmp_path: Path) -> None:
    done = call(tmp_path / "new", "verify")
    assert done.exit_code == 1
    assert "charlton-intranet migrate" in done.output
    assert json.loads(call(tmp_path / "new", "migrate", "--json").stdout)["applied"][0] == "0001_core"
    assert call(tmp_path / "new", "verify").exit_code == 0


def test_an_unknown_job_is_answered_with_the_list(tmp_path: Path) -> None:
    init(tmp_path / "town")
    done = call(tmp_path / "town", "run-job", "make-coffee")
    assert done.exit_code == 1
    assert "send_mail" in done.output
    assert call(tmp_path / "town", "run-job", "send_mail").output.strip() == "Nothing was due."


def test_a_real_town_is_never_filled_with_the_demo(tmp_path: Path) -> None:
    init(tmp_path / "town")
    done = call(tmp_path / "town", "demo")
    assert done.exit_code == 1
    assert "real town" in done.output


def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path) -> None:
    init(tmp_path / "town")
    with (tmp_path / "town" / "config.toml").open("a") as file:
        file.write("thraeds = 4\n")
    done = call(tmp_path / "town", "check")
    assert done.exit_code == 1
    assert "Setting thraeds" in done.output
