import stat
from pathlib import Path
from typing import Any

import pytest

from charlton_intranet.settings import KEY_FILE, BadSetting, Settings, load, save


def given(tmp_path: Path, **values: str) -> Settings:
    return load({f"CHARLTON_{name.upper()}": value for name, value in values.items()}, instance=tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("town_name", " ", "must not be empty"),
        ("base_url", "", "must not be empty"),
        ("base_url", "town.example", "full address"),
        ("base_url", "ftp://town.example", "full address"),
        ("base_url", "http://town.example", "must start with https://"),
        ("email_domains", "", "at least one"),
        ("email_domains", "Town Example", "not a domain name"),
        ("email_domains", "localhost", "not a domain name"),
        ("email_domains", "town.example, @other.example", "not a domain name"),
        ("database_url", "mysql://localhost/x", "sqlite:/// or postgresql://"),
        ("demo", "maybe", "true or false"),
        ("port", "http", "whole number"),
        ("port", "0", "between 1 and 65535"),
        ("smtp_port", "70000", "between 1 and 65535"),
        ("threads", "0", "between 1 and 64"),
        ("max_upload_mb", "501", "between 1 and 500"),
        ("trusted_proxies", "-1", "between 0 and 5"),
        ("tls_certificate", "/etc/tls/cert.pem", "together with tls_key"),
        ("smtp_security", "ssl", "must be one of starttls, tls, none"),
        ("no_such_thing", "x", "no such setting"),
    ],
)
def test_a_bad_setting_stops_the_start_with_its_name(tmp_path: Path, name: str, value: str, why: str) -> None:
    with pytest.raises(BadSetting) as refused:
        given(tmp_path, **{name: value})
    assert refused.value.name == name
    assert f"Setting {name}: " in str(refused.value)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("bind", {"demo": "true", "bind": "0.0.0.0"}),  # noqa: S104 - refused, that is the point
        ("smtp_security", {"smtp_host": "mail.town.example", "smtp_security": "none", "mail_from": "a@town.example"}),
        ("mail_from", {"smtp_host": "mail.town.example"}),
        ("smtp_password", {"smtp_username": "intranet"}),
        ("tls_certificate", {"tls_key": "/etc/tls/key.pem"}),
    ],
)
def test_settings_that_do_not_go_together(tmp_path: Path, name: str, values: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as refused:
        given(tmp_path, **values)
    assert refused.value.name == name


def test_the_defaults_start_on_this_machine_only(tmp_path: Path) -> None:
    settings = given(tmp_path)
    assert (settings.bind, settings.base_url, settings.secure) == ("127.0.0.1", "http://127.0.0.1:8000", False)
    assert settings.database == f"sqlite:///{tmp_path / 'charlton.sqlite3'}"
    assert settings.evidence == tmp_path / "evidence"


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    save(tmp_path, {"town_name": "File", "port": 8001, "threads": 4, "email_domains": ["file.example"]})
    environ = {"CHARLTON_TOWN_NAME": "Environment", "CHARLTON_PORT": "8002", "PATH": "/bin"}
    settings = load(environ, instance=tmp_path, port=8003, bind=None)
    assert (settings.town_name, settings.port, settings.threads) == ("Environment", 8003, 4)
    assert settings.email_domains == ("file.example",)
    assert settings.bind == "127.0.0.1"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("port = ", "config.toml"),
        ("port = '8000x'", "port"),
        ("port = true", "port"),
        ("town_name = 5", "town_name"),
        ("email_domains = 'a.example'\ndemo = 'perhaps'", "demo"),
        ("email_domains = [1]", "email_domains"),
        ("colour = 'green'", "colour"),
    ],
)
def test_a_bad_file_names_what_is_wrong(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / "config.toml").write_text(text, "utf-8")
    with pytest.raises(BadSetting) as refused:
        load({}, instance=tmp_path)
    assert refused.value.name == name


def test_what_is_saved_is_read_back_and_is_nobody_elses(tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "town_name": 'West "Old" Town \\ Neck',
        "email_domains": ["town.example", "library.town.example"],
        "demo": True,
        "port": 8010,
    }
    path = save(tmp_path, values)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    settings = load({}, instance=tmp_path)
    assert settings.town_name == values["town_name"]
    assert list(settings.email_domains) == values["email_domains"]
    assert (settings.demo, settings.port) == (True, 8010)
    with pytest.raises(FileExistsError):
        save(tmp_path, values)


def test_the_secret_key_is_made_once_and_read_by_its_owner(tmp_path: Path) -> None:
    first, second = given(tmp_path).secret_key, given(tmp_path).secret_key
    assert first == second
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert given(tmp_path / "other").secret_key != first


def test_a_damaged_key_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("short", "ascii")
    with pytest.raises(BadSetting) as refused:
        given(tmp_path)
    assert refused.value.name == KEY_FILE


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = given(tmp_path, smtp_username="intranet", smtp_password="hush-hush")
    assert "hush-hush" not in repr(settings)
    assert settings.secret_key not in repr(settings)
