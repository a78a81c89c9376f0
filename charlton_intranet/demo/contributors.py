"""Writers of the demo town: warned, linked, proposed to be kept away, kept away, and back again.

Everything is invented: the people, the words, the pictures.
"""

from collections.abc import Callable, Iterator

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo.moderation import ALBUM, LIBRARY, POLICE, Play, line, run
from charlton_intranet.moderation.models import Contributor, Determination, HandleLink, Restriction
from charlton_intranet.moderation.queries.letters import case_facts, town_facts
from charlton_intranet.moderation.queries.restrictions import restriction_facts, restriction_view
from charlton_intranet.moderation.queries.standing import standing_of
from charlton_intranet.moderation.rules import Position, handle_key
from charlton_intranet.moderation.rules.contributors import Cause
from charlton_intranet.moderation.rules.letters import LetterHow, LetterKind, draft
from charlton_intranet.moderation.service import letters, linking, proposing, restricting
from charlton_intranet.moderation.service.warning import warn
from charlton_intranet.sites.models import Site

Line = tuple[float, Callable[[Play], None]]
# The title of a site, and who writes there.
Name = tuple[str, str]


def _writer(site: str, handle: str) -> Contributor:
    network = Site.get(Site.title == site).network_id
    found: Contributor = Contributor.get(
        (Contributor.network == network) & (Contributor.handle_key == handle_key(handle))
    )
    return found


def _restriction(site: str, handle: str) -> Restriction:
    found: Restriction = (
        Restriction.select()
        .join(Site)
        .where((Site.title == site) & (Restriction.contributor == _writer(site, handle).id))
        .order_by(Restriction.id.desc())
        .get()
    )
    return found


def _department(site: str) -> str:
    return str(Site.get(Site.title == site).department.slug)


def removed(days: float, name: str, site: str, handle: str, text: str, *, under: str, quote: str) -> Iterator[Line]:
    """A post from being seen to being gone, within a day."""
    yield line(days, Play.see, name, site, handle, text)
    yield line(days - 0.05, Play.concern, name, under, "The same again, by the same writer.")
    yield line(days - 0.2, Play.advise, name, Position.VIOLATION, "I agree.")
    reason = f"The words “{quote}” fall under category {under}, whoever writes them."
    yield line(days - 0.3, Play.remove, name, under, quote, reason)
    yield line(days - 0.32, Play.gone, name)


def warned(play: Play, name: str) -> None:
    """A warning, and the letter it was given by."""
    case, actor = play.case(name), play.who("administrator")
    subject, text = draft(LetterKind.WARNING, case_facts(actor, case.id))
    with unit_of_work():
        warn(actor, Determination.get(Determination.case == case.id).id, clock=play.clock)
        letters.keep_letter(
            actor, case.id, case.contributor_id, kind=LetterKind.WARNING, subject=subject, text=text,
            how=LetterHow.MESSAGE, clock=play.clock,
        )  # fmt: skip


def linked(play: Play, one: Name, other: Name, reason: str, *, agreed: bool) -> None:
    """Two names of one person: said by the coordinator, and agreed to by the Town Administrator or not yet."""
    link_id = linking.propose_link(
        play.who(f"coordinator.{_department(one[0])}"), _writer(*one).id,
        network_id=Site.get(Site.title == other[0]).network_id, handle=other[1], reason=reason, clock=play.clock,
    )  # fmt: skip
    if agreed:
        link = HandleLink.get_by_id(link_id)
        linking.decide_link(play.who("administrator"), link_id, link.version, agree=True, clock=play.clock)


def proposed(play: Play, site: str, handle: str, reason: str) -> None:
    """A restriction on what stands, proposed by the coordinator."""
    actor, writer = play.who(f"coordinator.{_department(site)}"), _writer(site, handle)
    standing = standing_of(actor, writer.id, clocks.today(play.clock))
    proposing.propose(
        actor, writer.id, site_id=Site.get(Site.title == site).id, writer_id=writer.id, cause=Cause.REPEATED,
        grounds=[one.determination_id for one in standing.decisions], days=30, reason=reason, clock=play.clock,
    )  # fmt: skip


def viewed(play: Play, site: str, handle: str, text: str) -> None:
    """The department head is for it."""
    found = _restriction(site, handle)
    proposing.give_view(
        play.who(f"head.{_department(site)}"), found.id, found.version, position=Position.VIOLATION, text=text,
        clock=play.clock,
    )  # fmt: skip


def decided(play: Play, site: str, handle: str) -> None:
    """The Town Administrator's determination."""
    found = _restriction(site, handle)
    proposing.decide(
        play.who("administrator"), found.id, found.version, approve=True, days=30,
        reason="Three posts in a few weeks broke the policy in the same way, and a warning changed nothing.",
        same_if_praise=True, clock=play.clock,
    )  # fmt: skip


def kept_away(play: Play, site: str, handle: str) -> None:
    """Set at the network, shown by a picture, and told to the writer."""
    found = _restriction(site, handle)
    actor = play.who(f"coordinator.{_department(site)}")
    shown = play.picture(f"restricted-{found.id}", handle, "This account is restricted on your page.")
    restricting.carry_out(actor, found.id, found.version, proof=shown, clock=play.clock)
    _told(play, found.id, LetterKind.RESTRICTION)


def let_back(play: Play, site: str, handle: str) -> None:
    """Looked at again, taken off on the day, shown by a picture, and told to the writer."""
    found = _restriction(site, handle)
    actor = play.who(f"coordinator.{_department(site)}")
    shown = play.picture(f"unrestricted-{found.id}", handle, "This account can comment on your page.")
    restricting.take_off(actor, found.id, found.version, proof=shown, clock=play.clock)
    _told(play, found.id, LetterKind.RESTRICTION_ENDED)


def looked_at(play: Play, site: str, handle: str) -> None:
    """The review before the end."""
    found = _restriction(site, handle)
    restricting.review(
        play.who("administrator"), found.id, found.version, stays=True,
        reason="Nothing new has come up; it ends next week as decided.", clock=play.clock,
    )  # fmt: skip


def _told(play: Play, restriction_id: int, kind: LetterKind) -> None:
    found = Restriction.get_by_id(restriction_id)
    actor = play.who(f"coordinator.{found.department.slug}")
    view = restriction_view(actor, restriction_id)
    facts = town_facts(actor) | restriction_facts(view) | {"reason": view.decision}
    subject, text = draft(kind, facts)
    letters.write_about_restriction(
        actor, restriction_id, kind=kind, subject=subject, text=text, how=LetterHow.MESSAGE,
        sent_on=clocks.today(play.clock), why_not="", clock=play.clock,
    )  # fmt: skip


VAPE, LARRY, COINS, BARN = "Vape Depot 31", "Loud Larry", "Coin Doubler", "Bargain Barn Deals"
COINS_THERE = "coin.doubler"

SCRIPT: tuple[Line, ...] = (
    # Kept away in the summer, and back since.
    *removed(
        112, "vape-1", LIBRARY, VAPE, "Fruit vapes, two for one, we ship to the dorms.",
        under="D", quote="two for one",
    ),
    *removed(
        104, "vape-2", LIBRARY, VAPE, "Two for one again! Message us for the price list.",
        under="D", quote="the price list",
    ),
    line(103, warned, "vape-2"),
    *removed(
        97, "vape-3", LIBRARY, VAPE, "Free samples behind the library at four, teens ask for Jo.",
        under="D", quote="Free samples",
    ),
    line(95, proposed, LIBRARY, VAPE, "Three advertisements for vapes in two weeks, the last one aimed at minors."),
    line(94.8, viewed, LIBRARY, VAPE, "Parents have asked about it. The warning did not help."),
    line(93, decided, LIBRARY, VAPE),
    line(92.9, kept_away, LIBRARY, VAPE),
    line(68, looked_at, LIBRARY, VAPE),
    line(62, let_back, LIBRARY, VAPE),
    # Kept away right now.
    *removed(
        33, "larry-1", POLICE, LARRY, "Burn the impound lot down, I will bring the gas.",
        under="E", quote="Burn the impound lot down",
    ),
    *removed(
        26, "larry-2", POLICE, LARRY, "Anybody know where the night sergeant parks? Slash the tires.",
        under="E", quote="Slash the tires",
    ),
    line(25, warned, "larry-2"),
    *removed(
        19, "larry-3", POLICE, LARRY, "Slash the tires, I said. Lot B, after ten.",
        under="E", quote="Slash the tires",
    ),
    line(17, proposed, POLICE, LARRY, "Three removals in two weeks that call on people to destroy property."),
    line(16.8, viewed, POLICE, LARRY, "Two tires were cut. Please act."),
    line(15, decided, POLICE, LARRY),
    line(14.9, kept_away, POLICE, LARRY),
    # Two names of one person, over the threshold together; proposed, and ready to be determined.
    *removed(
        41, "coins-1", LIBRARY, COINS, "Send one coin, get two back today. Trusted by librarians.",
        under="D", quote="Send one coin, get two back",
    ),
    *removed(
        29, "coins-2", ALBUM, COINS_THERE, "Send one coin, get two back. Link in bio.",
        under="D", quote="Send one coin, get two back",
    ),
    line(
        24, linked, (LIBRARY, COINS), (ALBUM, COINS_THERE),
        "The same offer word for word, the same picture, and the bio of one names the other.", agreed=True,
    ),
    *removed(
        11, "coins-3", LIBRARY, COINS, "Last chance: one coin in, two coins out.",
        under="D", quote="one coin in, two coins out",
    ),
    line(3, proposed, LIBRARY, COINS, "Three advertisements of the same scheme under two names in six weeks."),
    line(2.9, viewed, LIBRARY, COINS, "It is always the same text. Thirty days seem right."),
    # Two decisions that stand, a warning, and a second name that nobody has agreed to yet.
    *removed(
        13, "barn-2", LIBRARY, BARN, "Boots, boots, boots: 80 percent off, tell them I sent you.",
        under="D", quote="80 percent off",
    ),
    line(12, warned, "barn-2"),
    line(
        2, linked, (LIBRARY, BARN), (ALBUM, BARN),
        "The same name, and each profile links to the same shop.", agreed=False,
    ),
)  # fmt: skip


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Play the script, the oldest line first."""
    run(Play(clock, store), SCRIPT)
