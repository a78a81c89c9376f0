"""A calendar feed as iCalendar (RFC 5545), written by a library that folds lines and escapes text as it asks.

The same entries always give the same bytes, so that a calendar program that holds them is told so (ETag).
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event

from charlton_intranet.oversight.rules.calendars import Entry, EntryState

MEDIA_TYPE = "text/calendar"
# What no text of a calendar holds (RFC 5545, 3.1 and 3.3.11): control characters but tab and the ends of lines.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
REFRESH = timedelta(hours=4)


def calendar_file(entries: Iterable[Entry], *, name: str, host: str, base_url: str) -> bytes:
    """The feed called ``name``; UIDs end in ``host``, links start with ``base_url``."""
    calendar, name = Calendar(), _CONTROL.sub("", name)
    calendar.add("prodid", "-//Charlton Intranet//Duties//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)  # RFC 7986; the next line says the same to older programs
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for entry in entries:
        calendar.add_component(_event(entry, host, base_url.rstrip("/")))
    return bytes(calendar.to_ical())


def _event(entry: Entry, host: str, base_url: str) -> Event:
    said, event = entry.said, Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", entry.modified_at)  # without METHOD it is the last change (3.8.7.2)
    event.add("created", entry.created_at)
    event.add("last-modified", entry.modified_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", said.due)
    event.add("dtend", said.due + timedelta(days=1))
    event.add("summary", _CONTROL.sub("", said.summary))
    event.add("description", f"{said.note}\n{base_url}{said.path}".strip())
    event.add("url", f"{base_url}{said.path}")
    event.add("status", "CONFIRMED" if entry.state is EntryState.DUE else "CANCELLED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # a due day does not make anybody busy
    return event
