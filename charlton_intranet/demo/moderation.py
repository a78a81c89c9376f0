"""Three weeks of comments on the demo town's sites, in every state that a case rests in.

Everything is invented: the people, the words, the pictures.
"""

import io
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Concatenate, ParamSpec

from PIL import Image, ImageDraw, ImageFont

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import EvidenceStore, Stored
from charlton_intranet.core.uploads import Upload, inspect_picture
from charlton_intranet.demo import cast
from charlton_intranet.moderation import importing, service
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules import AuthorKind, Outcome, Position
from charlton_intranet.moderation.rules.worksheet import Worksheet
from charlton_intranet.sites.models import Site

LIBRARY, ALBUM, POLICE = "Charlton Public Library", "Library in Pictures", "Charlton Police"
WIDTH, MARGIN, LINE = 720, 32, 30


def card(name: str, words: str) -> bytes:
    """A picture of a comment as a network might show it."""
    lines = [line for part in words.splitlines() for line in textwrap.wrap(part, 58) or [""]]
    picture = Image.new("RGB", (WIDTH, 130 + LINE * len(lines)), "#f5f6f7")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((12, 12, WIDTH - 12, picture.height - 12), 14, fill="white", outline="#d0d4d9")
    draw.ellipse((MARGIN, 30, MARGIN + 48, 78), fill="#5a7d9a")
    draw.text((MARGIN + 64, 42), name, fill="#1b1b1b", font=ImageFont.load_default(22))
    draw.multiline_text((MARGIN, 96), "\n".join(lines), fill="#1b1b1b", font=ImageFont.load_default(20), spacing=8)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Play:
    """The demo's clock and store, and the cases by the name the script gives them."""

    clock: FixedClock
    store: EvidenceStore
    cases: dict[str, int] = field(default_factory=dict)

    def who(self, box: str) -> Actor:
        return cast.actor(box, clocks.today(self.clock))

    def case(self, name: str) -> Case:
        found: Case = Case.get_by_id(self.cases[name])
        return found

    def staff(self, name: str, role: str) -> Actor:
        """The coordinator or head of the case's department."""
        return self.who(f"{role}.{self.case(name).department.slug}")

    def picture(self, name: str, who: str, words: str) -> tuple[Upload, Stored]:
        upload = inspect_picture(card(who, words), f"{name}.png", field="screenshots")
        return upload, self.store.put(upload.data)

    def see(
        self,
        name: str,
        site: str,
        handle: str,
        text: str,
        *,
        urgent: bool = False,
        picture: bool = False,
        box: str = "",
        author_kind: AuthorKind = AuthorKind.PUBLIC,
    ) -> None:
        found: Site = Site.get(Site.title == site)
        captured = service.capture(
            self.who(box or f"coordinator.{found.department.slug}"),
            site_id=found.id,
            text=text,
            permalink=f"{found.address}/posts/{name}",
            handle=handle,
            author_kind=author_kind,
            posted_at=self.clock.at - timedelta(hours=5, minutes=len(text) % 60),
            urgent=urgent,
            uploads=[self.picture(name, handle, text)] if picture else [],
            clock=self.clock,
        )
        self.cases[name] = captured.case_id

    def dismiss(self, *names: str) -> None:
        chosen = [(case.id, case.version) for case in map(self.case, names)]
        actor = self.staff(names[0], "coordinator")
        if len(chosen) == 1:
            service.dismiss(actor, *chosen[0], clock=self.clock)
        else:
            service.dismiss_many(actor, chosen, clock=self.clock)

    def undo(self, name: str) -> None:
        case = self.case(name)
        service.undo_dismiss(self.staff(name, "coordinator"), case.id, case.version, clock=self.clock)

    def note(self, name: str, role: str, text: str) -> None:
        service.add_note(self.staff(name, role), self.cases[name], text, clock=self.clock)

    def concern(self, name: str, categories: str, concern: str) -> None:
        case = self.case(name)
        handle = case.contributor.handle if case.contributor else "Guest"
        service.raise_concern(
            self.staff(name, "coordinator"),
            case.id,
            case.version,
            concern=concern,
            categories=categories.split(","),
            uploads=[self.picture(f"{name}-sealed", handle, case.text)],
            store=self.store,
            clock=self.clock,
        )

    def advise(self, name: str, position: Position, text: str) -> None:
        case = self.case(name)
        actor = self.staff(name, "head")
        service.give_advice(actor, case.id, case.version, position=position, text=text, clock=self.clock)

    def no_answer(self, name: str) -> None:
        case = self.case(name)
        service.note_no_answer(self.who("administrator"), case.id, case.version, clock=self.clock)

    def keep(self, name: str, reason: str) -> None:
        self._determine(name, Outcome.KEEP, "", "", reason)

    def hide(self, name: str, categories: str, quote: str, reason: str) -> None:
        self._determine(name, Outcome.HIDE, categories, quote, reason)

    def remove(self, name: str, categories: str, quote: str, reason: str) -> None:
        self._determine(name, Outcome.REMOVE, categories, quote, reason)

    def _determine(self, name: str, outcome: Outcome, categories: str, quote: str, reason: str) -> None:
        case = self.case(name)
        service.determine(
            self.who("administrator"),
            case.id,
            case.version,
            outcome=outcome,
            categories=categories.split(","),
            quote=quote,
            reason=reason,
            same_if_praise=None if outcome is Outcome.KEEP else True,
            worksheet=Worksheet(answers=dict.fromkeys(filter(None, categories.split(",")), reason)),
            clock=self.clock,
        )

    def gone(self, name: str, note: str = "") -> None:
        case = self.case(name)
        shown = self.picture(f"{name}-gone", "This content is not available", "It was removed or hidden by the page.")
        actor = self.staff(name, "coordinator")
        service.carry_out(actor, case.id, case.version, upload=shown, gone_note=note, clock=self.clock)

    def vanish(self, name: str, note: str) -> None:
        case = self.case(name)
        service.mark_vanished(self.staff(name, "coordinator"), case.id, case.version, note=note, clock=self.clock)

    def bring_in(self, site: str, file_name: str, rows: str) -> None:
        found: Site = Site.get(Site.title == site)
        run_id = importing.start_import(
            self.who(f"coordinator.{found.department.slug}"),
            site_id=found.id,
            file_name=file_name,
            data=rows.format(day=clocks.today(self.clock) - timedelta(days=1)).encode(),
            mapping={"text": "message", "id": "comment_id", "author": "from", "posted_at": "created"},
            clock=self.clock,
        )
        importing.run_import(run_id, store=self.store, clock=self.clock)


Facts = ParamSpec("Facts")


def line(
    days: float, act: Callable[Concatenate[Play, Facts], None], *facts: Facts.args, **more: Facts.kwargs
) -> tuple[float, Callable[[Play], None]]:
    """One line of the script: how many days before today, and what happened then."""
    return days, lambda play: act(play, *facts, **more)


def run(play: Play, script: Iterable[tuple[float, Callable[[Play], None]]]) -> None:
    """Play a script from its oldest line on; the clock stands where it stood."""
    end = play.clock.at
    for days, act in sorted(script, key=lambda entry: -entry[0]):
        play.clock.at = end - timedelta(days=days)
        act(play)
    play.clock.at = end


EXPORT = """comment_id,from,message,created
88101,Dot Farnham,"Thank you for the large-print shelf by the window, Mother found three new ones.",{day} 09:12
88102,Walt Pruitt,"Why is the lot only plowed after ten? I drove over twice, and twice I drove home.",{day} 11:40
88103,,,{day} 12:02
88104,Ned Alcott,"The new hours are no use to anybody with a job. Who on earth decided this?",{day} 18:55
88105,Marcy T.,"Selling two barely used e-readers, forty each, write to me.",{day} 07:31
88106,Priya in Ward 2,"Does the Saturday craft need a ticket?",some time ago
88107,Ned Alcott,"And closed on Fridays as well. Ridiculous.",{day} 19:20
"""

SCRIPT = (
    # Removed, with the picture that shows it; the same writer is back further down.
    line(
        20.9, Play.see, "tickets", LIBRARY, "Bargain Barn Deals",
        "HUGE SALE this weekend only!!! Brand sneakers 70 percent off, link in my profile, tell them I sent you.",
        picture=True,
    ),
    line(20.8, Play.concern, "tickets", "D", "Pure advertising under the story hour post, the third time this month."),
    line(20.2, Play.advise, "tickets", Position.VIOLATION, "It sells something and is not about the library."),
    line(
        19.8, Play.remove, "tickets", "D", "Brand sneakers 70 percent off",
        "The comment advertises goods for sale and says nothing else.",
    ),
    line(19.6, Play.gone, "tickets", "Removed at the counter, took a minute."),
    # Hidden.
    line(
        18.1, Play.see, "plate", POLICE, "Rowdy Ron",
        "The officer who lives at 14 Alder Court, gray house, dog in the yard, wrote me a ticket. Go say hello to him.",
        urgent=True, picture=True,
    ),
    line(18.05, Play.concern, "plate", "F,K", "Gives out the home of an officer and asks people to go there."),
    line(17.9, Play.advise, "plate", Position.VIOLATION, "His family lives there. Please act today."),
    line(
        17.7, Play.hide, "plate", "F", "lives at 14 Alder Court, gray house",
        "The words give out where an officer lives and send people there, which puts a household at risk.",
    ),
    line(17.65, Play.gone, "plate"),
    # Kept, against the concern.
    line(
        16.4, Play.see, "waste", POLICE, "Gus Tillinghast",
        "This department is a waste of money and the chief could not find his own hat. Vote no on the override.",
    ),
    line(16.3, Play.concern, "waste", "I", "Insults the Chief by title."),
    line(15.9, Play.advise, "waste", Position.NO_VIOLATION, "It is about me, and it is an opinion. Leave it."),
    line(15.2, Play.keep, "waste", "An opinion on public money and public work. Nothing in it is a ground of 3.6-3."),
    # Kept although the head never answered.
    line(
        14.5, Play.see, "banner", ALBUM, "Quilters of Route 31",
        "Our guild meets Tuesdays in your back room, new faces welcome, no fee.",
    ),
    line(14.4, Play.concern, "banner", "D", "Might be seen as an advertisement for a private group."),
    line(7.9, Play.no_answer, "banner"),
    line(7.8, Play.keep, "banner", "An invitation without a price to a meeting in the library itself is no commerce."),
    # Gone before anybody acted.
    line(13.2, Play.see, "wifi", LIBRARY, "anon_4471", "The staff wifi password is still the one from the old sign!"),
    line(12.9, Play.vanish, "wifi", "The writer took it down within the hour; IT has changed the password."),
    line(9.2, Play.see, "raffle", POLICE, "Lucky Draw Official", "You have WON. Send your card number.", urgent=True),
    line(9.1, Play.concern, "raffle", "E", "Phishing under the bake sale post."),
    line(8.9, Play.vanish, "raffle", "The network took the account down before the advice came."),
    # Small talk: no concern, one by one and several in one press.
    line(19.0, Play.see, "story", LIBRARY, "Hattie Bloom", "Miss Uma does the best voices at story hour."),
    line(18.9, Play.dismiss, "story"),
    line(12.1, Play.see, "hours", LIBRARY, "Ned Alcott", "Closed again on a Friday? What do we pay for?"),
    line(12.0, Play.see, "printer", LIBRARY, "Joy Okonkwo", "Printer on the second floor ate my form and my dime."),
    line(11.9, Play.see, "mystery", LIBRARY, "Len Sawyer", "Reading the new mystery. Do not tell me the end."),
    line(11.8, Play.dismiss, "hours", "printer", "mystery"),
    line(10.0, Play.see, "siren", POLICE, "Bev Castellano", "Sirens at three in the morning on Dresser Hill Road."),
    line(9.9, Play.see, "thanks", POLICE, "Troop 165", "Thank you for walking with us in the parade!"),
    line(9.8, Play.dismiss, "siren", "thanks"),
    # Dismissed by mistake and taken back, then dismissed for good.
    line(8.3, Play.see, "parking", POLICE, "Manny Ruiz", "Whoever parks at the hydrant on Main deserves the tow."),
    line(8.2, Play.dismiss, "parking"),
    line(8.19, Play.undo, "parking"),
    line(8.1, Play.dismiss, "parking"),
    # Dismissed, edited by its writer, seen again by an authorized user: open once more.
    line(6.5, Play.see, "swap", LIBRARY, "Marcy T.", "Anybody want to swap cookbooks?"),
    line(6.4, Play.dismiss, "swap"),
    line(
        1.3, Play.see, "swap", LIBRARY, "Marcy T.",
        "Anybody want to swap cookbooks? Or buy my air fryer, sixty dollars, cash only.",
        box="user.library", picture=True,
    ),
    # An export of the month before.
    line(2.2, Play.bring_in, LIBRARY, "facebook-comments.csv", EXPORT),
    # Advice asked for: late, and just now.
    line(
        6.2, Play.see, "mask", LIBRARY, "Vernon P.",
        "People like the new assistant do not belong in our town. Somebody should send them back where they came from.",
        picture=True,
    ),
    line(6.1, Play.concern, "mask", "B", "Aimed at a colleague for where her family is from."),
    line(6.0, Play.note, "mask", "coordinator", "Uma has seen it and asked that we follow the steps."),
    line(
        0.12, Play.see, "pond", POLICE, "Kayla from the pond",
        "Bonfire at the closed quarry tonight, bring your own, the cops never come up there. Jump in from the ledge!",
        urgent=True, picture=True,
    ),
    line(0.1, Play.concern, "pond", "E", "Calls people, minors too, to a closed and dangerous place tonight."),
    # Ready for the determination: advice each way, and none.
    line(
        4.3, Play.see, "crooked", POLICE, "Gus Tillinghast",
        "Sergeant Lowell takes money at the transfer station. Everybody knows it. Thief in a uniform.",
    ),
    line(4.2, Play.concern, "crooked", "G,I", "States a crime as a fact and names an officer."),
    line(1.6, Play.advise, "crooked", Position.VIOLATION, "There is no such complaint. Please ask counsel first."),
    line(
        3.4, Play.see, "darn", LIBRARY, "Ned Alcott",
        "Damn it, open the blasted doors on Fridays. This is a hell of a way to treat taxpayers.",
    ),
    line(3.3, Play.concern, "darn", "A", "Swears three times."),
    line(1.4, Play.advise, "darn", Position.NO_VIOLATION, "He is cross about the hours, as many are. Mild words."),
    line(
        9.6, Play.see, "sneakers", ALBUM, "Bargain Barn Deals",
        "Loved this picture! For more pictures and 80 percent off boots see my page.",
    ),
    line(9.5, Play.concern, "sneakers", "D", "Advertising again, on the other site this time."),
    line(1.1, Play.no_answer, "sneakers"),
    # Ordered, and not yet done.
    line(
        5.3, Play.see, "threat", POLICE, "Kurt Maddox",
        "Next time that cruiser sits at the bridge I am going to run it off the road. See if I don't.",
        urgent=True, picture=True,
    ),
    line(5.25, Play.concern, "threat", "J", "A threat against officers at a named place."),
    line(5.2, Play.advise, "threat", Position.VIOLATION, "We take it seriously and have a report. Please remove it."),
    line(
        0.9, Play.remove, "threat", "J", "I am going to run it off the road",
        "The words announce violence against whoever sits in the cruiser at a named bridge.",
    ),
    # Waiting in triage.
    line(
        1.2, Play.see, "gift", LIBRARY, "Summer Giveaway Team",
        "Congratulations! The library picked you for a gift card. Confirm your address and birthday here.",
        urgent=True, picture=True,
    ),
    line(1.0, Play.see, "ramp", LIBRARY, "Alma Reece", "The ramp at the side door is icy. My aunt nearly fell."),
    line(0.95, Play.note, "ramp", "coordinator", "Told the custodian by phone; salted at 9."),
    line(
        0.8, Play.see, "essay", LIBRARY, "A Concerned Reader",
        "I have read the list of new books and I have questions. " * 12
        + "I have also written to the Board, and I will write again, as is my right.",
    ),
    line(0.7, Play.see, "speed", POLICE, "Bev Castellano", "The sign on Stafford Street told me 92. On a bicycle."),
    line(
        0.6, Play.see, "reply", POLICE, "Charlton Police",
        "Sorry, we don't comment on that lol", author_kind=AuthorKind.STAFF, picture=True,
    ),
    line(0.5, Play.see, "lost", POLICE, "Tess & Biscuit", "Found: one gray cat, very loud, near the grange."),
    line(
        0.4, Play.see, "list", POLICE, "anon_4471",
        "Here are the night shift's phone numbers, since nobody answers the front desk: call them all.", urgent=True,
    ),
)  # fmt: skip


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Play the script, the oldest line first."""
    run(Play(clock, store), SCRIPT)
