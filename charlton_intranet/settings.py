"""The app's settings: read once, checked at once, frozen.

The only reader of the environment and of ``instance/config.toml``. Each setting has one name; in the environment
it is ``CHARLTON_`` and the name in capitals, and wins over the file. ``docs/settings.md`` lists them.
"""

import ipaddress
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "CHARLTON_"
CONFIG_FILE = "config.toml"
KEY_FILE = "secret_key"
KEY_BYTES = 32
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\Z")
_SECURITY = ("starttls", "tls", "none")


class BadSetting(Exception):
    """A setting that the app can not start with; the message names it and the mend."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Setting {name}: {why}")
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between two towns or two machines.

    Sizes are in megabytes, ports are TCP ports, ``base_url`` is the address people use.
    """

    instance: Path
    town_name: str = "Charlton"
    email_domains: tuple[str, ...] = ("charlton.example",)
    base_url: str = "http://127.0.0.1:8000"
    database_url: str = ""
    demo: bool = False
    bind: str = "127.0.0.1"
    port: int = 8000
    threads: int = 4
    tls_certificate: str = ""
    tls_key: str = ""
    trusted_proxies: int = 0
    max_upload_mb: int = 20
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_username: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_ca_file: str = ""
    mail_from: str = ""
    mail_reply_to: str = ""
    secret_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for name in ("town_name", "base_url"):
            if not getattr(self, name).strip():
                raise BadSetting(name, "must not be empty.")
        if not self.email_domains:
            raise BadSetting("email_domains", "name at least one official mail domain (policy 1.2).")
        for domain in self.email_domains:
            if not _DOMAIN.fullmatch(domain):
                raise BadSetting("email_domains", f"{domain!r} is not a domain name in lower case.")
        self._check_addresses()
        for name, low, high in (
            ("port", 1, 65535),
            ("smtp_port", 1, 65535),
            ("threads", 1, 64),
            ("max_upload_mb", 1, 500),
            ("trusted_proxies", 0, 5),
        ):
            if not low <= getattr(self, name) <= high:
                raise BadSetting(name, f"must lie between {low} and {high}.")
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise BadSetting("tls_certificate", "goes together with tls_key; set both or neither.")
        self._check_mail()

    def _check_addresses(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadSetting("base_url", "must be a full address such as https://social.town.example.")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise BadSetting("base_url", "must start with https:// unless it is this machine only.")
        if self.demo and not _is_loopback(self.bind):
            raise BadSetting("bind", "a demo listens on loopback only (127.0.0.1): its password is public.")
        if self.database_url and urlsplit(self.database_url).scheme not in {"sqlite", "postgresql"}:
            raise BadSetting("database_url", "must start with sqlite:/// or postgresql://.")

    def _check_mail(self) -> None:
        if self.smtp_security not in _SECURITY:
            raise BadSetting("smtp_security", f"must be one of {', '.join(_SECURITY)}.")
        if self.smtp_host and self.smtp_security == "none" and not _is_loopback(self.smtp_host):
            raise BadSetting("smtp_security", "mail without encryption is allowed to this machine only.")
        if self.smtp_host and not self.mail_from:
            raise BadSetting("mail_from", "say from which address mail is sent.")
        if self.smtp_username and not self.smtp_password:
            raise BadSetting("smtp_password", "is missing for smtp_username.")

    @property
    def database(self) -> str:
        """The database's address; by default a SQLite file in the instance folder."""
        return self.database_url or f"sqlite:///{self.instance / 'charlton.sqlite3'}"

    @property
    def evidence(self) -> Path:
        """The folder of the evidence store."""
        return self.instance / "evidence"

    @property
    def secure(self) -> bool:
        """Whether people reach the app over TLS."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host name people use."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def town_words(self) -> tuple[str, ...]:
        """Words a password must not be made of."""
        return (*self.town_name.split(), *self.email_domains, "intranet", "massachusetts", "townhall")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def instance_folder(given: Path | None, environ: Mapping[str, str] | None = None) -> Path:
    """The folder named on the command line or in the environment, or ``./instance``."""
    environ = os.environ if environ is None else environ
    return Path(given or environ.get(f"{PREFIX}INSTANCE") or "instance").resolve()


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings of the instance folder; raises :class:`BadSetting` with the setting's name.

    The order is: ``overrides`` (command line), environment, ``config.toml``, default.
    """
    environ = os.environ if environ is None else environ
    instance = instance_folder(overrides.pop("instance", None), environ)
    values = {**_from_file(instance / CONFIG_FILE), **_from_environment(environ)}
    values.update({name: value for name, value in overrides.items() if value is not None})
    values.setdefault("secret_key", _kept_key(instance))
    known = {f.name: f for f in fields(Settings)}
    for name in values:
        if name not in known:
            raise BadSetting(name, "there is no such setting; docs/settings.md lists them all.")
    return Settings(instance=instance, **{name: _typed(name, value) for name, value in values.items()})


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BadSetting(CONFIG_FILE, f"is not valid TOML: {broken}.") from broken


# Read by the development tools or set by the launcher, not settings of the app.
_NOT_SETTINGS = frozenset({"INSTANCE", "CHROMIUM", "POSTGRES", "SHARED"})


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    return {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in _NOT_SETTINGS
    }


def _typed(name: str, value: Any) -> Any:
    """The value in the setting's type; text from the environment is converted."""
    kind = {f.name: f.type for f in fields(Settings)}[name]
    if kind is bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if str(value).lower() not in words:
            raise BadSetting(name, f"must be true or false, not {value!r}.")
        return words[str(value).lower()]
    if kind is int and not isinstance(value, bool):
        try:
            return int(value)
        except (TypeError, ValueError):
            raise BadSetting(name, f"must be a whole number, not {value!r}.") from None
    if name == "email_domains":
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise BadSetting(name, "must be a list of domain names.")
        return tuple(item.strip().lower() for item in items if item.strip())
    if kind is int or not isinstance(value, str):
        raise BadSetting(name, f"has the wrong type: {value!r}.")
    return value


def _kept_key(instance: Path) -> str:
    """The instance's secret key, made at first use and readable by its owner only."""
    path = instance / KEY_FILE
    try:
        key = path.read_text("ascii").strip()
    except FileNotFoundError:
        instance.mkdir(parents=True, exist_ok=True)
        key = secrets.token_hex(KEY_BYTES)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(key + "\n")
        except FileExistsError:
            key = path.read_text("ascii").strip()
    if len(key) < 2 * KEY_BYTES:
        raise BadSetting(KEY_FILE, f"the file {KEY_FILE} in the instance folder is too short; restore it.")
    return key


def hand_on(settings: Settings) -> None:
    """Let the processes that this one starts read the same settings as it was told."""
    os.environ[f"{PREFIX}INSTANCE"] = str(settings.instance)
    os.environ[f"{PREFIX}PORT"] = str(settings.port)
    os.environ[f"{PREFIX}BIND"] = settings.bind
    parts = urlsplit(settings.base_url)
    if parts.scheme == "http":  # this machine only: links in mail lead to the port that is served
        os.environ[f"{PREFIX}BASE_URL"] = f"http://{parts.hostname}:{settings.port}"


def save(instance: Path, values: Mapping[str, Any]) -> Path:
    """Write ``config.toml`` for a new instance; refuses to replace one."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / CONFIG_FILE
    lines = [f"{name} = {_toml(value)}" for name, value in values.items()]
    with path.open("x", encoding="utf-8") as file:
        file.write("# Settings of this town; docs/settings.md explains each.\n" + "\n".join(lines) + "\n")
    path.chmod(0o600)
    return path


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
