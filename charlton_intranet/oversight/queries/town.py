"""The town's settings: what the file says, departments, days off, and the timetable's last runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.accounts.models import Closure, Department, Person
from charlton_intranet.core.calendar import legal_holidays
from charlton_intranet.core.database import engine, rows
from charlton_intranet.core.jobs import Job, JobRun
from charlton_intranet.settings import Settings


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department and how many people belong to it."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """A day on which the offices are closed besides the legal holidays."""

    id: int
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """A line of the timetable with its last run that did something."""

    name: str
    label: str
    schedule: str
    last: JobRun | None


def settings_in_words(settings: Settings) -> dict[str, list[tuple[str, str]]]:
    """The settings under headings. Of a secret only that it is set."""
    server = f"{settings.smtp_host}, port {settings.smtp_port}, {settings.smtp_security}"
    return {
        "The town": [
            ("Town", settings.town_name),
            ("Official mail domains", ", ".join(settings.email_domains)),
            ("Demo", "yes" if settings.demo else "no"),
        ],
        "The app": [
            ("Address people use", settings.base_url),
            ("Listens on", f"{settings.bind}, port {settings.port}, {settings.threads} threads"),
            ("TLS", _tls(settings)),
            ("Trusted proxies", str(settings.trusted_proxies)),
            ("Database", "PostgreSQL" if engine() == "postgresql" else "SQLite"),
            ("Largest upload", f"{settings.max_upload_mb} MB"),
        ],
        "Mail": [
            ("Mail server", server if settings.smtp_host else "none: messages are read here and leave nowhere"),
            ("Signs in as", settings.smtp_username),
            ("Password", "set" if settings.smtp_password else "not set"),
            ("Sent from", settings.mail_from),
            ("Answers are read by", settings.mail_reply_to or settings.mail_from),
        ],
    }


def _tls(settings: Settings) -> str:
    if settings.tls_certificate:
        return "by the app itself"
    return "by the proxy in front of the app" if settings.secure else "none: this machine only"


def department_rows() -> list[DepartmentRow]:
    """Active departments by name."""
    query = (
        Department.select(Department.name, peewee.fn.COUNT(Person.id))
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(Person.department == Department.id))
        .where(Department.active)
        .group_by(Department.id, Department.name)
        .order_by(Department.name)
    )
    return [DepartmentRow(*row) for row in rows(query)]


def closures(since: date) -> list[ClosureRow]:
    """The town's own days off from ``since`` on."""
    query = Closure.select(Closure.id, Closure.day, Closure.reason).where(Closure.day >= since).order_by(Closure.day)
    return [ClosureRow(*row) for row in rows(query)]


def holidays_of(*years: int) -> list[tuple[date, str]]:
    """Legal holidays of the Commonwealth, in order."""
    return sorted((day, name) for year in years for day, name in legal_holidays(year).items())


def timetable(jobs: Iterable[Job]) -> list[JobRow]:
    """Every job with its newest recorded run: one query."""
    newest = JobRun.select(peewee.fn.MAX(JobRun.id)).group_by(JobRun.job)
    last = {run.job: run for run in JobRun.select().where(JobRun.id.in_(newest))}
    return [JobRow(job.name, job.label, job.schedule, last.get(job.name)) for job in jobs]
