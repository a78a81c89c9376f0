"""The demo town's incidents: one in every status, told by different people over the past months."""

from dataclasses import dataclass, field
from datetime import timedelta

from charlton_intranet.core.clock import FixedClock, today
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo.cast import actor
from charlton_intranet.incidents import queries, service
from charlton_intranet.incidents.rules import IncidentKind, Severity, Status, Tlp
from charlton_intranet.incidents.service import Report
from charlton_intranet.sites import queries as sites


@dataclass(frozen=True, slots=True)
class Story:
    """Who reported what how long ago, and what IT did about it."""

    hours_ago: float
    box: str
    kind: IncidentKind
    what: str
    on_site: bool = False
    done: str = ""
    severity: Severity | None = None
    steps: tuple[tuple[Status, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = field(default=())


STORIES = (
    Story(
        2897, "head.police", IncidentKind.TAKEOVER,
        "Our page showed a video that nobody here posted, and I was signed out at the same time.",
        on_site=True,
        done="Changed the password from my office computer.",
        severity=Severity.HIGH,
        steps=(
            (Status.ACKNOWLEDGED, "Calling the chief now."),
            (Status.CONTAINMENT, "All other sessions ended, second factor moved to the department's phone."),
            (Status.ERADICATION, "The intruder's recovery address was taken off the account. No app had access left."),
            (Status.RECOVERY, "The page is ours again. The video is kept as evidence and hidden."),
            (Status.CLOSED, "Nothing new for a week. Lesson: two people now hold the recovery codes."),
        ),
    ),
    Story(
        1293, "user.library", IncidentKind.PHISHING,
        "A message said our page would be deleted unless we confirm our password within an hour.",
        on_site=True,
        severity=Severity.LOW,
        steps=(
            (Status.ACKNOWLEDGED, ""),
            (Status.FALSE_ALARM, "It was the yearly exercise of our mail provider. You did exactly the right thing."),
        ),
    ),
    Story(
        163, "coordinator.police", IncidentKind.LOST_DEVICE,
        "My work phone is missing since the parade. I am signed in to the page on it.",
        on_site=True,
        done="Rang it twice, no answer.",
        severity=Severity.MODERATE,
        steps=(
            (Status.ACKNOWLEDGED, ""),
            (Status.CONTAINMENT, "Phone locked and located from afar: it is in the highway garage."),
            (Status.ERADICATION, "Sessions of the phone ended on every network."),
            (Status.RECOVERY, "Phone is back, wiped and set up anew. Watching the sign-ins until the end of the week."),
        ),
    ),
    Story(
        94, "coordinator.library", IncidentKind.MALWARE,
        "The desk computer opens advertising by itself since I installed a font.",
        severity=Severity.MODERATE,
        steps=(
            (Status.ACKNOWLEDGED, "Please leave it on and unplug the network cable."),
            (Status.CONTAINMENT, "Computer is off the network. The desk uses the spare one."),
            (Status.ERADICATION, "Reinstalling it from scratch."),
        ),
    ),
    Story(
        45, "head.library", IncidentKind.IMPERSONATION,
        "A second page with our logo asks people to pay library fines by gift card.",
        on_site=True,
        done="Reported the page to the network.",
        severity=Severity.HIGH,
        steps=(
            (Status.ACKNOWLEDGED, ""),
            (Status.CONTAINMENT, "A warning stands on the real page. The network has our second report."),
        ),
        notes=(("head.library", "Two residents called: one of them has paid."),),
    ),
    Story(
        20, "employee", IncidentKind.DATA_EXPOSURE,
        "The photo of the new plow on our page shows a clipboard with home phone numbers.",
        done="Asked the coordinator to hide the photo.",
        steps=((Status.ACKNOWLEDGED, "The photo is hidden. Looking for copies."),),
    ),
    Story(
        13, "user.police", IncidentKind.NOT_SURE,
        "I get codes by text message for our page, but I am not signing in anywhere.",
        on_site=True,
    ),
)  # fmt: skip


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Play the stories, oldest first, so that references follow the calendar."""
    end = clock.at
    for story in STORIES:
        clock.at = end - timedelta(hours=story.hours_ago)
        reporter = actor(story.box, today(clock))
        own = sites.live_sites(frozenset({reporter.department_id}) if reporter.department_id else None)
        reference = service.report(
            reporter,
            Report(
                what=story.what,
                kind=story.kind,
                site_id=own[0].id if own and story.on_site else None,
                noticed_at=clock.at - timedelta(minutes=25),
                done=story.done,
            ),
            clock=clock,
        )
        # A step a day where there is time for all of them, else one soon after the other.
        days = timedelta(days=len(story.steps) + 1)
        _handle(story, reference, clock, step=timedelta(days=1) if clock.at + days < end else timedelta(minutes=90))


def _handle(story: Story, reference: str, clock: FixedClock, *, step: timedelta) -> None:
    """What IT did, and what others added, one after the other in the time since."""
    for status, note in story.steps:
        clock.at += step
        it = actor("it", today(clock))
        version = queries.incident(it, reference).version
        service.move(it, reference, version, status, note=note, clock=clock)
        if status is Status.ACKNOWLEDGED and story.severity:
            service.label(it, reference, version + 1, severity=story.severity, tlp=Tlp.AMBER_STRICT, clock=clock)
    for box, text in story.notes:
        clock.at += step
        service.add_note(actor(box, today(clock)), reference, text, clock=clock)
