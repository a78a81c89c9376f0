"""Who asked the demo town to look at a removal again, in every state of such a request; and like words decided unlike.

Everything is invented: the people, the words, the letters.
"""

from datetime import timedelta

from charlton_intranet.accounts import service as accounts
from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.permissions import Role
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo.emergencies import restored
from charlton_intranet.demo.moderation import ALBUM, LIBRARY, Play, line, run
from charlton_intranet.moderation.models import Determination, Reconsideration
from charlton_intranet.moderation.rules import Position
from charlton_intranet.moderation.rules.letters import LetterHow
from charlton_intranet.moderation.rules.reconsidering import CameBy
from charlton_intranet.moderation.service import reconsidering
from charlton_intranet.moderation.service.likeness import index_decisions

# Acts as Town Administrator where Ruth Okafor decided first.
ACTING, DAYS = "head.police", 2


def taken_off(play: Play, name: str) -> None:
    """From the concern to the picture of the empty place: an advertisement, as the town saw it."""
    play.concern(name, "D", "It sells something under a post of the library.")
    play.advise(name, Position.VIOLATION, "It has nothing to do with the library.")
    play.remove(
        name, "D", play.case(name).text.split(".")[0], "The comment offers goods for sale and says nothing else."
    )
    play.gone(name)


def left_alone(play: Play, name: str) -> None:
    """The same concern, and the other decision."""
    play.concern(name, "D", "It sells something under a picture of the library.")
    play.advise(name, Position.NO_VIOLATION, "The bake sale is the library's own.")
    play.keep(name, "The sale is the library's own, so the words are no solicitation of commerce.")


def act_for(play: Play) -> None:
    """Somebody acts as Town Administrator for some days."""
    today = clocks.today(play.clock)
    accounts.give_role(
        play.who("administrator"),
        play.who(ACTING).person_id or 0,
        Role.ADMINISTRATOR,
        department_id=None,
        starts=today,
        ends=today + timedelta(days=DAYS),
        acting=True,
        reason="Answers requests on decisions that the Town Administrator made",
        clock=play.clock,
    )


def ask(play: Play, name: str, came_by: CameBy, who: tuple[str, str], text: str) -> None:
    """The coordinator logs what came in; ``who`` asks, and how they are reached."""
    asker, contact = who
    asked = reconsidering.Request(clocks.today(play.clock), came_by, text, asker, contact)
    papers = [play.picture(f"{name}-letter", asker, text)] if came_by is CameBy.LETTER else []
    reconsidering.log_request(play.staff(name, "coordinator"), play.cases[name], asked, papers, clock=play.clock)


def answer(play: Play, name: str, reverse: bool, reason: str) -> None:  # noqa: FBT001 - a line of the script
    """The acting Town Administrator answers."""
    one = request_on(play, name)
    reconsidering.answer(play.who(ACTING), one.id, one.version, reconsidering.Answer(reverse, reason), clock=play.clock)


def withdraw(play: Play, name: str, reason: str) -> None:
    """They want no answer any more."""
    one = request_on(play, name)
    reconsidering.withdraw(play.staff(name, "coordinator"), one.id, one.version, reason, clock=play.clock)


def write(play: Play, name: str, how: LetterHow, subject: str, text: str) -> None:
    """The coordinator keeps the letter that went out."""
    one = request_on(play, name)
    reconsidering.write_to_asker(
        play.staff(name, "coordinator"), one.id, one.version,
        subject=subject, text=text, how=how, sent_on=None, why_not="", clock=play.clock,
    )  # fmt: skip


def request_on(play: Play, name: str) -> Reconsideration:
    """The request on a case."""
    found: Reconsideration = (
        Reconsideration.select().join(Determination).where(Determination.case == play.cases[name]).get()
    )
    return found


SCRIPT = (
    # Taken back, and put back.
    line(
        20.6, Play.see, "honey", LIBRARY, "Whitcomb Honey",
        "Honey from Whitcomb Hill at the Friends' bake sale on Saturday. All of it goes to the new children's corner.",
        picture=True,
    ),
    line(20.5, taken_off, "honey"),
    line(
        18.6, ask, "honey", CameBy.MAIL, ("Lydia Whitcomb", "lydia@whitcomb-honey.example"),
        "You took my comment down, but I sell nothing for myself: the bake sale is the Friends' of the Library.",
    ),
    line(
        18.5, write, "honey", LetterHow.MAIL, "We have your request",
        "Dear Ms. Whitcomb,\n\nwe have it, and somebody who did not decide first will answer.",
    ),
    line(14.5, act_for),
    line(
        13.6, answer, "honey", True,
        "Read again, the words announce a sale for the library's own benefit, so they are no commerce.",
    ),
    line(13.2, restored, "honey"),
    line(
        13.1, write, "honey", LetterHow.MAIL, "Your comment is back",
        "Dear Ms. Whitcomb,\n\nyou are right, and your comment is back in its place. We are sorry for the trouble.",
    ),
    # Upheld; the letter is still to be written.
    line(20.4, Play.see, "phones", LIBRARY, "PhoneFix Dudley", "Cracked screen? Forty dollars today only. Call me."),
    line(20.3, taken_off, "phones"),
    line(
        17.5, ask, "phones", CameBy.COUNTER, ("Owner of PhoneFix", ""),
        "He came in and said that everybody advertises there and nobody else is taken down.",
    ),
    line(2.6, act_for),
    line(1.9, answer, "phones", False, "The words offer a paid service and nothing else, whoever else does so."),
    # Taken back, and still to be put back.
    line(
        16.9, Play.see, "stall", LIBRARY, "Grange Growers",
        "Farm stand by the lot on Fridays. Bring your library card and pick a free zucchini.",
    ),
    line(16.8, taken_off, "stall"),
    line(
        9.5, ask, "stall", CameBy.LETTER, ("Grange Growers", "12 Bay Path, Charlton"),
        "The zucchini are free. We sell nothing in that comment and ask you to read it again.",
    ),
    line(0.7, answer, "stall", True, "What is given away is not offered for sale; the words are no advertisement."),
    # Overdue, because nobody answered.
    line(20.2, Play.see, "vans", LIBRARY, "Vans by Vic", "Need a move. Two men and a van, cheap, evenings too."),
    line(20.15, taken_off, "vans"),
    line(
        19.4, ask, "vans", CameBy.MESSAGE, ("Vic", ""),
        "I answered somebody who asked for a van right there in the thread. How is that an ad?",
    ),
    # Waiting, in time.
    line(6.8, Play.see, "kayak", LIBRARY, "Lake Lou", "Kayaks to rent at the town beach. Ten an hour. Ask for Lou."),
    line(6.7, taken_off, "kayak"),
    line(
        3.7, ask, "kayak", CameBy.LETTER, ("Louise Tremblay", "4 Shore Road, Charlton"),
        "The rental is the Recreation Department's, I only work there. Please put the comment back.",
    ),
    # Withdrawn.
    line(12.9, Play.see, "couch", ALBUM, "Marcy T.", "Selling a couch, blue, no cats. Sixty dollars."),
    line(12.8, taken_off, "couch"),
    line(11.7, ask, "couch", CameBy.COUNTER, ("Marcy", ""), "She asked why her comment on the couch is gone."),
    line(11.6, withdraw, "couch", "We explained it, and she sold the couch to Cody. She wants no letter."),
    # Like words, decided otherwise.
    line(
        8.8, Play.see, "jam", ALBUM, "Friends of the Library",
        "Jam and honey at the Friends' bake sale on Saturday. All of it goes to the new large-print shelf.",
    ),
    line(8.7, left_alone, "jam"),
    line(
        8.5, Play.see, "candles", LIBRARY, "Beeswax by Bo",
        "Candles and honey at the Friends' bake sale on Saturday. Half of it goes to the new large-print shelf.",
    ),
    line(8.4, taken_off, "candles"),
)  # fmt: skip


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Play the script, the oldest line first; then the decisions are found by their words."""
    run(Play(clock, store), SCRIPT)
    while index_decisions():
        pass
