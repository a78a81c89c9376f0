"""How templates write dates, counts and clauses."""

from datetime import date, datetime

from flask import Flask
from markupsafe import Markup

from charlton_intranet.core.clock import town_time
from charlton_intranet.mail.messages import long_day, long_moment
from charlton_intranet.web.assets import asset


def moment(value: datetime | None) -> Markup:
    """A moment in town time; the exact one on hover."""
    if value is None:
        return Markup("—")
    local = town_time(value)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        local.isoformat(), f"{local:%Y-%m-%d %H:%M:%S %Z}", long_moment(value)
    )


def day(value: date | None) -> str:
    """A date as people write it."""
    return "—" if value is None else long_day(value)


def count(number: int, one: str, many: str = "") -> str:
    """``3 cases``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def clause_link(clause: str) -> Markup:
    """A clause number as a link to the policy's text."""
    return Markup('<a class="clause" href="/policy#clause-{0}" title="Policy clause {0}">{0}</a>').format(clause)


def file_size(size: int) -> str:
    """Bytes as people read them."""
    value = float(size)
    for unit in ("bytes", "KB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def install(app: Flask) -> None:
    """Register filters and the globals that imported macros need."""
    app.jinja_env.filters.update(day=day, moment=moment, count=count, clause_link=clause_link, file_size=file_size)
    app.jinja_env.globals.update(asset=asset)
