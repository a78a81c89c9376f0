"""The directory of official accounts as files for the town's public web site: active accounts, nobody's name."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import jinja2

from charlton_intranet.core.clock import town_time
from charlton_intranet.core.resources import folder
from charlton_intranet.core.tables import csv_text, json_text
from charlton_intranet.mail.messages import long_day, long_moment
from charlton_intranet.sites.queries.directory import DirectoryRow

FORMS = {"html": "text/html", "json": "application/json", "csv": "text/csv"}
_COLUMNS = ("Department", "Title", "Network", "Account", "Address", "Active since", "As of")


def directory_files(found: Sequence[DirectoryRow], *, town: str, now: datetime) -> dict[str, bytes]:
    """The files by name, each saying as of when; the page needs no other file, no style and no script."""
    as_of = town_time(now).replace(microsecond=0)
    told: list[dict[str, Any]] = [
        {
            "department": row.department,
            "title": row.title,
            "network": row.network,
            "account": row.handle,
            "address": row.address,
            "active_since": row.active_since,
        }
        for row in found
    ]
    texts = {
        "html": _page(found, town=town, now=now),
        "json": json_text({"town": town, "as_of": as_of, "official_accounts": told}),
        "csv": csv_text(_COLUMNS, ([*row.values(), as_of] for row in told)),
    }
    return {f"official-accounts.{form}": text.encode() for form, text in texts.items()}


def _page(found: Sequence[DirectoryRow], *, town: str, now: datetime) -> str:
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters.update(day=long_day, moment=long_moment)
    departments = [(name, list(rows)) for name, rows in groupby(found, key=lambda row: row.department)]
    return pages.get_template("sites/official_accounts.html").render(town=town, now=now, departments=departments)
