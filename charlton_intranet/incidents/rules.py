"""Incidents: kinds with what to do at once, states and moves, labels, deadlines (policy 3.8). Pure.

Vocabulary: severity after NIST SP 800-61r3, labels after FIRST TLP 2.0; advice in our own words.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum, auto
from itertools import pairwise

from charlton_intranet.core.errors import Invalid

WHAT_MAX = 5_000
NOTE_MAX = 2_000
# A second press, or a page sent again, within this time is the same report.
SAME_REPORT = timedelta(minutes=10)


class IncidentKind(StrEnum):
    """What seems to have happened; nobody needs to know when they report."""

    NOT_SURE = auto()
    TAKEOVER = auto()
    IMPERSONATION = auto()
    PHISHING = auto()
    MALWARE = auto()
    LOST_DEVICE = auto()
    DATA_EXPOSURE = auto()
    DEFACEMENT = auto()
    OTHER = auto()

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    IncidentKind.NOT_SURE: "Not sure",
    IncidentKind.TAKEOVER: "Account taken over",
    IncidentKind.IMPERSONATION: "Somebody poses as the town",
    IncidentKind.PHISHING: "Phishing message",
    IncidentKind.MALWARE: "Virus or other malware",
    IncidentKind.LOST_DEVICE: "Lost or stolen device",
    IncidentKind.DATA_EXPOSURE: "Information got out",
    IncidentKind.DEFACEMENT: "Page changed by a stranger",
    IncidentKind.OTHER: "Something else",
}

# The Town Administrator hears of these at once: residents may be misled or harmed already.
SEVERE = frozenset({IncidentKind.TAKEOVER, IncidentKind.DATA_EXPOSURE})

_ANYBODY = "Do not delete anything, and write down what you saw and when: IT needs the traces."
ADVICE: Mapping[IncidentKind, tuple[str, ...]] = {
    IncidentKind.NOT_SURE: (
        "Stop using the account or device until IT has answered.",
        _ANYBODY,
    ),
    IncidentKind.TAKEOVER: (
        "If you still can: change the account's password from another device, and end all other sessions.",
        "Check that the recovery email address and phone number are still the town's.",
        "Do not answer messages from the intruder.",
        _ANYBODY,
    ),
    IncidentKind.IMPERSONATION: (
        "Report the false page to the network as posing as a town.",
        "Do not write to it from a town account.",
        "Take a screenshot with its address in view.",
    ),
    IncidentKind.PHISHING: (
        "Do not press anything in the message, and do not answer it.",
        "Typed a password already? Change it now, from a device you trust.",
        "Keep the message: IT needs its headers.",
    ),
    IncidentKind.MALWARE: (
        "Take the device off the network: unplug the cable, switch Wi-Fi off.",
        "Leave it switched on, and do not use it.",
        "Do not plug in drives or sticks.",
    ),
    IncidentKind.LOST_DEVICE: (
        "Change the passwords of the accounts the device was signed in to, and end their sessions.",
        "Stolen? Tell the police and keep the report's number.",
        "Do not try to fetch it back yourself.",
    ),
    IncidentKind.DATA_EXPOSURE: (
        "Hide the post or close the share; do not delete it.",
        "Do not pass the information on, not even to show it.",
        "Write down whose information it is and how long it could be seen.",
    ),
    IncidentKind.DEFACEMENT: (
        "Take a screenshot with the address in view, then hide the foreign posts; do not delete them.",
        "Change the account's password from another device.",
        _ANYBODY,
    ),
    IncidentKind.OTHER: (
        "Stop using the account or device until IT has answered.",
        _ANYBODY,
    ),
}


class Status(StrEnum):
    """Where an incident stands; ``moves`` names what may follow."""

    REPORTED = auto()
    ACKNOWLEDGED = auto()
    CONTAINMENT = auto()
    ERADICATION = auto()
    RECOVERY = auto()
    CLOSED = auto()
    FALSE_ALARM = auto()

    @property
    def label(self) -> str:
        return _STATUSES[self][0]

    @property
    def meaning(self) -> str:
        """One line for the reporter."""
        return _STATUSES[self][1]


_STATUSES = {
    Status.REPORTED: ("Reported", "IT has been told and has not taken it up yet."),
    Status.ACKNOWLEDGED: ("Taken up", "IT is looking into it."),
    Status.CONTAINMENT: ("Containment", "IT keeps the harm from spreading."),
    Status.ERADICATION: ("Eradication", "IT removes the cause."),
    Status.RECOVERY: ("Recovery", "IT brings everything back and watches it."),
    Status.CLOSED: ("Closed", "Done."),
    Status.FALSE_ALARM: ("False alarm", "Looked into: nothing had happened. Thank you for reporting."),
}
STAGES = (
    Status.REPORTED,
    Status.ACKNOWLEDGED,
    Status.CONTAINMENT,
    Status.ERADICATION,
    Status.RECOVERY,
    Status.CLOSED,
)
MOVES: Mapping[Status, frozenset[Status]] = {
    **{here: frozenset({there, Status.FALSE_ALARM}) for here, there in pairwise(STAGES)},
    Status.CLOSED: frozenset(),
    Status.FALSE_ALARM: frozenset(),
}
OPEN = frozenset(status for status, moves in MOVES.items() if moves)


class Severity(StrEnum):
    """How bad it is, as IT judges it."""

    LOW = auto()
    MODERATE = auto()
    HIGH = auto()
    EXTREME = auto()


class Tlp(StrEnum):
    """Who may be told (FIRST TLP 2.0). It never overrides public records law."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"

    @property
    def meaning(self) -> str:
        return _TLP[self]


_TLP = {
    Tlp.RED: "the people named here, nobody else",
    Tlp.AMBER_STRICT: "people of the town who need to know",
    Tlp.AMBER: "the town and its partners who need to know",
    Tlp.GREEN: "other towns and agencies",
    Tlp.CLEAR: "anybody",
}


def reference_of(year: int, number: int) -> str:
    """The reference by which people call an incident, ``INC-2026-0007``; gap-free within its year."""
    return f"INC-{year}-{number:04d}"


def acknowledge_by(reported_at: datetime, hours: int) -> datetime:
    """The moment by which IT takes a report up."""
    return reported_at + timedelta(hours=hours)


def check_report(
    *, what: str, done: str, told: str, started_at: datetime | None, noticed_at: datetime | None, now: datetime
) -> None:
    """Refuse a report that says nothing or that lies in the future; everything but ``what`` may be left out."""
    problems = {}
    if not what.strip():
        problems["what"] = "Say in a few words what happened. Everything else can wait."
    for name, text in (("what", what), ("done", done), ("told", told)):
        if len(text) > WHAT_MAX:
            problems[name] = f"Use at most {WHAT_MAX:,} characters; more can be added as a note."
    for name, moment in (("started_at", started_at), ("noticed_at", noticed_at)):
        if moment is not None and moment > now:
            problems[name] = "This lies in the future. Check the date and the time."
    if started_at and noticed_at and started_at > noticed_at:
        problems.setdefault("noticed_at", "It can not have been noticed before it started.")
    if problems:
        raise Invalid(problems)


def check_note(note: str, field: str) -> None:
    """Refuse an empty or endless note; ``field`` is where it was typed."""
    if not note.strip():
        raise Invalid({field: "Say what was found or done. Everybody who may see this incident reads it."})
    if len(note) > NOTE_MAX:
        raise Invalid({field: f"Use at most {NOTE_MAX:,} characters."})
