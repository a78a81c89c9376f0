"""Determinations of the demo town with all that follows them: counsel asked, others told, a new edition of categories.

Everything is invented: the people, the words, the pictures.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo.moderation import LIBRARY, POLICE, Play, line, run
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Referral
from charlton_intranet.moderation.queries.letters import case_facts
from charlton_intranet.moderation.rules import Outcome, Position
from charlton_intranet.moderation.rules.letters import LetterHow
from charlton_intranet.moderation.rules.worksheet import Consequence, CounselSought, Notice, ReferredTo, Worksheet
from charlton_intranet.moderation.service import referring
from charlton_intranet.policy.queries import categories
from charlton_intranet.policy.service import publish_edition

COUNSEL = "Amara Hale, town counsel"


def decide(play: Play, name: str, outcome: Outcome, worksheet: Worksheet, **facts: object) -> None:
    """The Town Administrator's determination with its worksheet; ``facts`` are categories, quote and reason."""
    case = play.case(name)
    service.determine(
        play.who("administrator"), case.id, case.version, outcome=outcome, worksheet=worksheet,
        same_if_praise=None if outcome is Outcome.KEEP else True, clock=play.clock, **facts,  # type: ignore[arg-type]
    )  # fmt: skip


def disclosed(play: Play) -> None:
    """Two categories, two quotes; the writer is warned and IT told."""
    case = play.case("keypad")
    greeting = case_facts(play.who("administrator"), case.id)["handle"]
    decide(
        play, "keypad", Outcome.REMOVE, categories=["F", "K"], quote="the keypad on the staff door is 4471",
        reason="It gives the code of a door behind which patron records are kept, so that anybody can walk in.",
        worksheet=Worksheet(
            quotes={"K": ("the list of overdue patrons lies on the first desk",)},
            answers={
                "F": "The code of the staff door. Somebody may walk in while the branch is closed.",
                "K": "M.G.L. c. 78 section 7: what patrons borrow is not public.",
            },
            consequence=Consequence.WARNING,
            referrals={ReferredTo.IT: "A door code was posted. Please change it and check who used it since noon."},
            notice=Notice(
                "Your post on Charlton Public Library was removed",
                f"{greeting},\n\nyour post gave the code of a door, so the town removed it. The decision is about "
                "these words alone. You may ask the town to look at it again.\n\nRuth Okafor",
                LetterHow.MESSAGE,
            ),
        ),
    )  # fmt: skip


def threatened(play: Play) -> None:
    """A true threat: the police are to be told."""
    decide(
        play, "parade", Outcome.REMOVE, categories=["J"], quote="I will bring my truck through that parade",
        reason="It announces driving a truck through a named parade, which a reasonable person takes for a threat.",
        worksheet=Worksheet(
            answers={"J": "A day, a place and a way: people who march there would fear it."},
            referrals={ReferredTo.POLICE: "Please assess this threat against Saturday's parade."},
        ),
    )  # fmt: skip


def advised_against(play: Play) -> None:
    """Counsel said no, so it stays."""
    said = "He calls the tender rigged. That is opinion on a public matter, not a statement that can be shown false."
    decide(
        play, "rigged", Outcome.KEEP, categories=["G"], quote="",
        reason="An opinion on how a tender was run; counsel sees no statement of fact.",
        worksheet=Worksheet(counsel=CounselSought(clocks.today(play.clock) - timedelta(days=1), COUNSEL, said)),
    )  # fmt: skip


def refer(play: Play, name: str, to: ReferredTo, reason: str) -> None:
    """Hand a case on before its determination."""
    referring.refer_case(play.who("administrator"), play.cases[name], to=to, reason=reason, clock=play.clock)


def sent(play: Play, name: str, how: str) -> None:
    """It was taken there."""
    found = _referral(play, name)
    referring.mark_sent(play.who("administrator"), found.id, found.version, how=how, clock=play.clock)


def answered(play: Play, name: str, box: str, text: str) -> None:
    """An answer, with the scan of a letter."""
    found = _referral(play, name)
    scan = play.picture(f"{name}-letter", "Letter", text)
    referring.answer(play.who(box), found.id, found.version, text=text, papers=[scan], clock=play.clock)


def _referral(play: Play, name: str) -> Referral:
    found: Referral = Referral.select().where(Referral.case == play.cases[name]).order_by(Referral.id.desc()).get()
    return found


def another_edition(play: Play) -> None:
    """Counsel asked for clearer words; what was decided before keeps the edition it was decided under."""
    present = categories()
    changed: Mapping[str, object] = {
        "test": "Does it sell or advertise something, for money?",
        "guard": "Advertising only. Endorsing a candidate or a cause is not advertising, nor is a bake sale.",
    }
    publish_edition(
        play.who("administrator"), present.number,
        dict(present.by_letter) | {"D": replace(present.by_letter["D"], **changed)},  # type: ignore[arg-type]
        why="Counsel's note after a post about a school bake sale was nearly removed.", clock=play.clock,
    )  # fmt: skip


SCRIPT = (
    line(
        11.0, Play.see, "keypad", LIBRARY, "door_watcher",
        "Funny town. If you forget your card, the keypad on the staff door is 4471. And the list of overdue patrons "
        "lies on the first desk, help yourself.", urgent=True, picture=True,
    ),
    line(10.9, Play.concern, "keypad", "F,K", "Gives a door code and says where patron records lie."),
    line(10.6, Play.advise, "keypad", Position.VIOLATION, "The code is right. Please take it down now."),
    line(10.4, disclosed),
    line(10.35, Play.gone, "keypad", "Removed at the desk; the facilities crew has the code."),
    line(9.0, answered, "keypad", "it", "Code changed at 14:10. The log shows no entry by it since noon."),
    line(
        8.0, Play.see, "rigged", LIBRARY, "Gordon Pell",
        "The shelving tender was rigged from the start, ask anybody who bid.", picture=True,
    ),
    line(7.9, Play.concern, "rigged", "G", "Says that the tender was rigged, and by whom is easy to guess."),
    line(7.6, Play.advise, "rigged", Position.NO_VIOLATION, "He is angry about losing the bid. Leave it."),
    line(7.4, refer, "rigged", ReferredTo.COUNSEL, "Is this a statement of fact that can be shown to be false?"),
    line(7.3, sent, "rigged", f"By mail to {COUNSEL}"),
    line(6.2, answered, "rigged", "administrator", "Opinion on a matter of public concern. It should stay."),
    line(6.0, advised_against),
    line(
        2.4, Play.see, "parade", POLICE, "v8_forever",
        "Close Main Street one more time and I will bring my truck through that parade.", urgent=True, picture=True,
    ),
    line(2.35, Play.concern, "parade", "J", "Announces to drive a truck through the parade."),
    line(2.3, Play.advise, "parade", Position.VIOLATION, "We take this as a threat."),
    line(2.2, threatened),
    line(2.18, Play.gone, "parade"),
    line(
        1.9, Play.see, "treasurer", LIBRARY, "Nell Ostrander",
        "The treasurer of the Friends has pocketed the book sale money for years.", picture=True,
    ),
    line(1.85, Play.concern, "treasurer", "G", "Says of a named person that she took money."),
    line(1.5, Play.advise, "treasurer", Position.VIOLATION, "The books are audited each year. It is not true."),
    line(1.3, refer, "treasurer", ReferredTo.COUNSEL, "A statement of fact about a volunteer. May the town act on it?"),
    line(1.2, sent, "treasurer", f"By mail to {COUNSEL}"),
    line(
        1.1, Play.see, "survey", POLICE, "survey-team-22",
        "Charlton residents: claim your flood relief at charlton-relief.example/claim today.", urgent=True,
        picture=True,
    ),
    line(1.05, Play.concern, "survey", "E", "A page that asks for bank details in the town's name."),
    line(1.0, refer, "survey", ReferredTo.IT, "charlton-relief.example/claim poses as the town. Please block it."),
    line(0.2, another_edition),
)  # fmt: skip


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Play the script, the oldest line first."""
    run(Play(clock, store), SCRIPT)
