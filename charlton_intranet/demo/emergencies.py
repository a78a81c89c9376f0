"""What the demo town hid at once, in every state that it rests in, and an order that a network refuses.

Everything is invented: the people, the words, the pictures.
"""

from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo.moderation import ALBUM, LIBRARY, POLICE, Play, line, run
from charlton_intranet.moderation import service
from charlton_intranet.moderation.rules import Position
from charlton_intranet.moderation.service.emergency import flag_overdue, overdue_hides


def hide_now(play: Play, name: str, ground: str, words: str, answer: str) -> None:
    """The coordinator's order."""
    case = play.case(name)
    handle = case.contributor.handle if case.contributor else "Guest"
    service.hide_at_once(
        play.staff(name, "coordinator"),
        case.id,
        case.version,
        ground=ground,
        words=words,
        answer=answer,
        uploads=[play.picture(f"{name}-sealed", handle, case.text)],
        store=play.store,
        clock=play.clock,
    )


def hidden(play: Play, name: str) -> None:
    """The picture of the hidden place."""
    case = play.case(name)
    shown = play.picture(f"{name}-hidden", "Hidden by the page", "Only its writer can see this comment.")
    service.prove_hidden(play.staff(name, "coordinator"), case.id, case.version, upload=shown, clock=play.clock)


def still_hidden(play: Play, name: str) -> None:
    """The order is carried out with the picture that is there."""
    case = play.case(name)
    service.carry_out(play.staff(name, "coordinator"), case.id, case.version, still_hidden=True, clock=play.clock)


def restored(play: Play, name: str) -> None:
    """The picture of the post in its place."""
    case = play.case(name)
    handle = case.contributor.handle if case.contributor else "Guest"
    shown = play.picture(f"{name}-back", f"{handle} (shown again)", case.text)
    service.restore(play.staff(name, "coordinator"), case.id, case.version, upload=shown, clock=play.clock)


def refused(play: Play, name: str, what: str, reported: str) -> None:
    """The network does not let the order be carried out."""
    case = play.case(name)
    actor = play.staff(name, "coordinator")
    service.report_obstacle(actor, case.id, case.version, what=what, reported=reported, clock=play.clock)


def flag(play: Play) -> None:
    """What the timetable does each minute."""
    for case_id in overdue_hides(play.clock):
        flag_overdue(case_id, clock=play.clock)


SCRIPT = (
    # Confirmed, and proven by the picture of the hide.
    line(
        15.3, Play.see, "torch", POLICE, "Rex Halloway",
        "Somebody should torch the cruisers behind the station tonight. Gate code is still 4-4-7-1. You are welcome.",
        urgent=True, picture=True,
    ),
    line(
        15.29, hide_now, "torch", "F", "Gate code is still 4-4-7-1",
        "It gives out the code of the gate behind the station and names what to burn there tonight.",
    ),
    line(15.28, hidden, "torch"),
    line(15.1, Play.advise, "torch", Position.VIOLATION, "The code is changed. Keep it out of sight all the same."),
    line(
        14.4, Play.hide, "torch", "F,J", "torch the cruisers behind the station tonight",
        "The words call for arson at a named place tonight and give the code that opens it.",
    ),
    line(14.3, still_hidden, "torch"),
    # Not upheld, and back the same day.
    line(
        12.4, Play.see, "cider", LIBRARY, "Ferment Fred",
        "Sunday: cider making behind the reading room. Bring apples and a growler, first pour at noon!", picture=True,
    ),
    line(
        12.39, hide_now, "cider", "E", "Bring apples and a growler",
        "It seems to offer alcohol on town ground without a license.",
    ),
    line(12.38, hidden, "cider"),
    line(12.2, Play.advise, "cider", Position.NO_VIOLATION, "It is our own cider day, with a license. Put it back."),
    line(12.0, Play.keep, "cider", "An invitation to a licensed event of the library itself breaks no category."),
    line(11.9, restored, "cider"),
    # Not decided in its days: to be put back.
    line(
        8.4, Play.see, "loans", ALBUM, "Nosy Neighbor",
        "Saw the hold shelf slip: Mrs. Tuttle, 12 Muggett Hill Road, three books on divorce. Poor Harold!",
        picture=True,
    ),
    line(
        8.39, hide_now, "loans", "K", "Mrs. Tuttle, 12 Muggett Hill Road, three books on divorce",
        "It discloses what a patron borrowed and where she lives; library records are confidential by law.",
    ),
    line(8.38, hidden, "loans"),
    line(8.1, Play.advise, "loans", Position.VIOLATION, "Nobody may learn from us what she reads. Decide soon."),
    line(1.9, flag),
    # The network refuses the order.
    line(
        4.4, Play.see, "pills", POLICE, "Discount Apotheke",
        "Painkillers without prescription, delivered to Charlton overnight, message us for the list.", picture=True,
    ),
    line(4.3, Play.concern, "pills", "E", "Offers prescription drugs for sale without a prescription."),
    line(4.1, Play.advise, "pills", Position.VIOLATION, "An unlawful offer. The state police have the link."),
    line(
        3.6, Play.remove, "pills", "E", "Painkillers without prescription",
        "The comment offers prescription drugs for sale without a prescription, which is unlawful.",
    ),
    line(
        3.4, refused, "pills", "“Delete” answers “Something went wrong”, three times, on two computers.",
        "Help form of the network for public bodies, number 88-20417",
    ),
    # Hidden, to be decided.
    line(
        0.31, Play.see, "bus", POLICE, "Angry Axel",
        "Officer Brandt's kids ride bus 9, stop at the old mill, 7:40 every morning. Just saying.",
        urgent=True, picture=True,
    ),
    line(
        0.3, hide_now, "bus", "F", "kids ride bus 9, stop at the old mill, 7:40 every morning",
        "It tells where and when an officer's children stand alone, which puts them in danger.",
    ),
    line(0.295, hidden, "bus"),
    # Ordered this minute: nothing shows it hidden yet.
    line(
        0.03, Play.see, "claim", LIBRARY, "Charlton Library Prizes",
        "Your library fines are forgiven! Claim now: https://library-prizes.example/claim", urgent=True, picture=True,
    ),
    line(
        0.02, hide_now, "claim", "malware", "https://library-prizes.example/claim",
        "The link opens a copy of our sign-in page; the browser of the front desk warns of it.",
    ),
)  # fmt: skip


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Play the script, the oldest line first."""
    run(Play(clock, store), SCRIPT)
