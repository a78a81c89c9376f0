"""Setting up an instance, and judging whether it is fit to serve."""

import os
import shutil
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

import peewee

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.rules import check_official_email, check_password, normal_email
from charlton_intranet.assembly import assemble
from charlton_intranet.core import database, migration
from charlton_intranet.core.clock import today
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import SYSTEM, Role
from charlton_intranet.core.resources import folder
from charlton_intranet.parts import Parts
from charlton_intranet.settings import CONFIG_FILE, KEY_FILE, Settings, instance_folder, load, save

LEAST_FREE_GB = 1.0


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who runs the town's instance first; ``also_it`` gives the IT Technician's role as well."""

    name: str
    email: str
    password: str
    also_it: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of ``check``: level ``ok``, ``warn`` or ``bad``."""

    level: str
    name: str
    text: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def new_instance(given: Path | None, values: dict[str, str], *, administrator: FirstAdministrator) -> Settings:
    """Write the settings of a real town, make its database and first account; all checked before anything is kept."""
    instance = instance_folder(given)
    if (instance / CONFIG_FILE).exists():
        raise Invalid({"instance": f"{instance} is set up already. Name another folder, or edit its {CONFIG_FILE}."})
    settings = load({}, instance=instance, **{name: value for name, value in values.items() if value})
    email = normal_email(administrator.email)
    check_official_email(email, settings.email_domains)
    check_password(administrator.password, email=email, name=administrator.name, town_words=settings.town_words)
    parts = assemble(settings)
    migration.upgrade()
    with database.connection():
        person_id = accounts.create_person(
            name=administrator.name, email=email, password=administrator.password, clock=parts.clock
        )
        roles = [Role.ADMINISTRATOR, *([Role.IT] if administrator.also_it else [])]
        with database.unit_of_work():
            for role in roles:
                accounts.assign(
                    SYSTEM, person_id, role, department_id=None, starts=today(parts.clock),
                    reason="First set-up", clock=parts.clock,
                )  # fmt: skip
    parts.close()
    save(instance, {**{n: v for n, v in values.items() if v}, "email_domains": settings.email_domains})
    return settings


def make_demo(given: Path | None) -> None:
    """Turn a new instance folder into a demo; leave one that has settings as it is."""
    instance = instance_folder(given)
    if not (instance / CONFIG_FILE).exists():
        save(instance, {"town_name": "Charlton", "email_domains": ["charlton.example"], "demo": True})


def check(parts: Parts) -> list[Finding]:
    """Everything an operator would want to know before the town relies on this machine."""
    settings = parts.settings
    found = [_sqlite() if database.engine() == "sqlite" else Finding("ok", "database", "PostgreSQL")]
    try:
        missing = migration.pending()
        found.append(
            Finding("bad", "migrations", f"{len(missing)} to apply: run migrate")
            if missing
            else Finding("ok", "migrations", "up to date")
        )
    except peewee.PeeweeException as trouble:
        found.append(Finding("bad", "database", f"can not be reached: {trouble}"))
    found.append(
        Finding("ok", "assets", "built")
        if (folder("static") / "vendor" / "manifest.json").is_file()
        else Finding("bad", "assets", "static/vendor is not built")
    )
    found.append(_free_space(settings))
    found.append(_key_mode(settings))
    found.append(
        Finding("ok", "mail", f"{settings.smtp_host}:{settings.smtp_port}, {settings.smtp_security}")
        if settings.smtp_host
        else Finding("warn", "mail", "no smtp_host is set: mail is kept in the app and reaches nobody")
    )
    if not settings.secure:
        found.append(Finding("warn", "base_url", "http:// serves this machine only; a town needs https://"))
    if settings.demo:
        found.append(Finding("warn", "demo", "this is a demo; its password is public"))
    return found


def _sqlite() -> Finding:
    version = ".".join(map(str, peewee.SqliteDatabase.server_version))
    if database.wal_is_safe():
        return Finding("ok", "database", f"SQLite {version}, write-ahead log")
    return Finding(
        "warn",
        "database",
        f"SQLite {version} is old: rollback journal instead of the write-ahead log, slower but safe",
    )


def _free_space(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.instance).free / 1e9
    level = "ok" if free >= LEAST_FREE_GB else "bad"
    return Finding(level, "disk", f"{free:.1f} GB free for {settings.instance}")


def _key_mode(settings: Settings) -> Finding:
    path = settings.instance / KEY_FILE
    if os.name != "nt" and path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding("bad", "secret_key", f"{path} is readable by others: chmod 600")
    return Finding("ok", "secret_key", "readable by its owner only")
