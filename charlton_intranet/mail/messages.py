"""Turning an occasion into the words of a message.

A message is a folder ``templates/mail/<name>/`` with ``subject.txt``, ``body.txt`` and ``body.html``. Links are
made from the configured address of the app, never from a request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2

from charlton_intranet.core.clock import town_time


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every message needs: the town's name, the app's own address, who reads answers, the templates' folder."""

    town: str
    base_url: str
    reply_to: str
    demo: bool
    templates: Path


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of one message, plain and HTML."""

    subject: str
    text: str
    html: str


_current: Letterhead | None = None


def use_letterhead(letterhead: Letterhead) -> None:
    """Set once by the assembly."""
    global _current  # noqa: PLW0603 - one letterhead a process, like the database proxy
    _current = letterhead


def letterhead() -> Letterhead:
    """The letterhead in use; ``RuntimeError`` before the assembly has set one."""
    if _current is None:
        raise RuntimeError("no letterhead: build the assembly first")
    return _current


def long_day(day: date) -> str:
    """A date as people write it: ``Mon, Nov 23, 2026``."""
    return f"{day:%a, %b} {day.day}, {day.year}"


def long_moment(moment: datetime) -> str:
    """A moment as people write it, town time: ``Mon, Nov 23, 2026, 8:05 AM``."""
    local = town_time(moment)
    return f"{long_day(local.date())}, {local.hour % 12 or 12}:{local:%M %p}"


@lru_cache(maxsize=4)
def _environment(templates: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(day=long_day, moment=long_moment)
    return environment


def render(name: str, context: Mapping[str, Any]) -> Rendered:
    """Render the message ``name``; the subject is one line."""
    head = letterhead()
    environment = _environment(head.templates)
    values = {
        **context,
        "town": {"name": head.town},
        "demo": head.demo,
        "address": head.base_url.rstrip("/"),
        "reply_to": head.reply_to,
    }

    def part(file: str) -> str:
        return environment.get_template(f"mail/{name}/{file}").render(values).strip()

    values["subject"] = " ".join(part("subject.txt").split())[:300]
    return Rendered(values["subject"], part("body.txt") + "\n", part("body.html") + "\n")
