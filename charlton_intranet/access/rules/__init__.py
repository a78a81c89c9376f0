"""What holds of admin lists, of access reviews and of leavers. Pure."""

from charlton_intranet.access.rules.campaigns import (
    Answer,
    Asked,
    Flag,
    GrantFacts,
    Quarter,
    coming,
    flags_of,
    opens_on,
    quarter_of,
)
from charlton_intranet.access.rules.departures import DepartureKind, DepartureState, StepKind, check_opening
from charlton_intranet.access.rules.differences import (
    Authority,
    Difference,
    DifferenceKind,
    PagePerson,
    PageStranger,
    differences_of,
)
from charlton_intranet.access.rules.lists import (
    EntryKind,
    Known,
    Line,
    Match,
    Taken,
    address_in,
    match,
    name_key,
    read_list,
    repeats,
)
from charlton_intranet.access.rules.presence import How, Seen, on_page
from charlton_intranet.access.rules.roles import PageRole, role_of

__all__ = [
    "Answer",
    "Asked",
    "Authority",
    "DepartureKind",
    "DepartureState",
    "Difference",
    "DifferenceKind",
    "EntryKind",
    "Flag",
    "GrantFacts",
    "How",
    "Known",
    "Line",
    "Match",
    "PagePerson",
    "PageRole",
    "PageStranger",
    "Quarter",
    "Seen",
    "StepKind",
    "Taken",
    "address_in",
    "check_opening",
    "coming",
    "differences_of",
    "flags_of",
    "match",
    "name_key",
    "on_page",
    "opens_on",
    "quarter_of",
    "read_list",
    "repeats",
    "role_of",
]
