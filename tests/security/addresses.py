"""The record behind each address: built in the Library's department, with who may know of it.

One line of ``PLACES`` for each record that stands in an address, written as the address up to it; the routes below it
share the line. A route without a line fails ``test_ownership``: say here which record it is about.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.routing import Rule

from charlton_intranet.access.models import AccessReview, AdminEntry, AdminList, Departure, ReviewedGrant
from charlton_intranet.access.rules import Asked, DepartureKind
from charlton_intranet.access.service import departures, reviews
from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import Closure, RoleAssignment
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence.models import Piece, PieceKind
from charlton_intranet.evidence.service import record_piece
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import Capability
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation.importing import start_import
from charlton_intranet.moderation.models import Referral, ReferralPaper
from charlton_intranet.moderation.service import referring, save_view
from charlton_intranet.oversight.models import ReminderPause
from charlton_intranet.policy.models import PolicyDocument
from charlton_intranet.policy.queries import in_force
from charlton_intranet.policy.rules import Change
from charlton_intranet.policy.service import Paper, draft, file_on_paper
from charlton_intranet.sites.rules import SiteState
from charlton_intranet.sites.rules.checklists import ChecklistKind, lines_of
from charlton_intranet.sites.service import appointments, networks, proofs
from tests.access import factories as access
from tests.conftest import Town
from tests.evidence.archives import warc
from tests.grants import factories as grants
from tests.incidents import factories as incidents
from tests.moderation import contributors_factories as contributors
from tests.moderation import factories as moderation
from tests.moderation import reconsideration_factories as asking
from tests.moderation import worksheet_factories as worksheets
from tests.policy import factories as policy
from tests.reviews.factories import findings, full_review, hand_over
from tests.sites import factories as sites
from tests.sites.test_registry import hand_in, listed

P = Permission
OWNER = "user.library"

Sight = Callable[[Actor, Town], bool]


def within(*permissions: Permission) -> Sight:
    """Who holds one of ``permissions`` for the Library, or for the town."""
    return lambda actor, town: any(actor.may(one, town.department_id("Library")) for one in permissions)


def anybody(*permissions: Permission) -> Sight:
    """Who holds one of ``permissions`` for any department: the record is the whole town's."""
    return lambda actor, _town: any(actor.may(one, anywhere=True) for one in permissions)


def or_owner(*permissions: Permission) -> Sight:
    """Who holds one of ``permissions`` for the Library, and the one whom the record is about."""
    return lambda actor, town: within(*permissions)(actor, town) or actor.person_id == town.person_id(OWNER)


@dataclass(frozen=True, slots=True)
class Place:
    """A record in an address: ``build`` returns what fills the address, ``sees`` says who may know of it.

    ``rights`` says who may do what a route does, by method and the rest of the address, where its mark does not say
    it: its mark is asked for the Library, or with ``town`` for any department. ``press`` is what its form asks for
    that no other does. ``stranger`` is what a stranger is answered, ``opens`` what a page answers its readers.
    """

    build: Callable[[Town], tuple[Any, ...]]
    sees: Sight
    town: bool = False
    rights: dict[str, Sight] = field(default_factory=dict)
    press: dict[str, Callable[[], dict[str, Any]]] = field(default_factory=dict)
    stranger: frozenset[int] = frozenset({404})
    opens: frozenset[int] = frozenset({200})

    def may(self, actor: Actor, town: Town, step: str, permission: Permission) -> bool:
        """Whether ``actor`` may do with the record what ``step`` does, a method and the rest of the address."""
        allowed = self.rights.get(step) or (anybody(permission) if self.town else within(permission))
        return allowed(actor, town)


# A site is everybody's to know, its records are not: a stranger may be told either.
KNOWN = frozenset({403, 404})


def _acting(town: Town) -> int:
    """Somebody acts as the Library's head, from tomorrow on."""
    return int(
        RoleAssignment.insert(
            person=town.person_id(OWNER), role=Role.DEPARTMENT_HEAD, department=town.department_id("Library"),
            starts_on=town.today.replace(year=2030), ends_on=town.today.replace(year=2031), acting=True, reason="Leave",
            named_by=town.person_id("administrator"),
        ).execute()
    )  # fmt: skip


def _role(town: Town, box: str) -> int:
    return int(RoleAssignment.get(RoleAssignment.person == town.person_id(box)).id)


def _closure(town: Town) -> int:
    accounts.add_closure(town.actor("it"), town.today, "Snow", clock=town.clock)
    return int(Closure.get().id)


def _mailbox(town: Town) -> int:
    return networks.add_mailbox(town.actor("it"), address="box@region.example", purpose="Tips", clock=town.clock)


def _view(town: Town) -> int:
    """The view that the Library's coordinator keeps: nobody else's to know of."""
    return save_view(town.actor("coordinator.library"), "Mine", "state=open")


def _pause(town: Town) -> int:
    """A reminder that the Library's coordinator put off: nobody else's to end."""
    return int(
        ReminderPause.insert(
            kind="review_site", subject="site:1", due=town.today, person=town.person_id("coordinator.library"),
            until=town.today.replace(year=2030), title="Review", reason="Away", paused_at=town.clock.now(),
        ).execute()
    )  # fmt: skip


def _message(town: Town) -> int:
    return int(
        OutboxMessage.insert(
            occasion="ownership", kind="digest", recipient=f"{OWNER}@charlton.example", subject="Due", text="Due",
            html="<p>Due</p>", queued_at=town.clock.now(), next_try_at=town.clock.now(),
        ).execute()
    )  # fmt: skip


def _piece(town: Town) -> int:
    moderation.consulting(town)
    return int(Piece.select().where(Piece.media_type == "image/png").get().id)


def _archive(town: Town) -> int:
    with unit_of_work():
        return record_piece(
            moderation.coordinator(town), site_id=moderation.site(town).id, kind=PieceKind.ARCHIVE,
            stored=town.parts.store.put(warc()), media_type="application/warc", file_name="page.warc.gz",
            source_address="", clock=town.clock,
        )  # fmt: skip


def _signature(town: Town) -> int:
    policy.publish(town)
    return policy.sign(town, OWNER)


def _appointment(town: Town) -> int:
    return appointments.propose(
        town.actor("head.library"), department_id=town.department_id("Library"), person_id=town.person_id(OWNER),
        letter="To the Town Administrator: our coordinator.", starts_on=town.today, clock=town.clock,
    )  # fmt: skip


def _in_office(town: Town) -> tuple[int]:
    made = appointments.propose(
        town.actor("head.library"), department_id=town.department_id("Library"), starts_on=town.today,
        person_id=town.person_id("coordinator.library"), letter="To the Town Administrator", clock=town.clock,
    )  # fmt: skip
    appointments.file(town.actor("administrator"), made, 1, clock=town.clock)
    return (made,)


def _proof(town: Town) -> int:
    facts = proofs.ProofFacts("", "Seen on the page", moderation.upload(town))
    with unit_of_work():
        return proofs.keep_proof(town.actor("it"), moderation.site(town).id, facts, clock=town.clock)


def _import(town: Town) -> int:
    return start_import(
        moderation.coordinator(town), site_id=moderation.site(town).id, file_name="comments.csv",
        data=b"text\nWhen do you open?\n", mapping={"text": "text"}, clock=town.clock,
    )  # fmt: skip


def _site(town: Town) -> tuple[int]:
    return (moderation.site(town).id,)


def _checklist(town: Town) -> tuple[int, str]:
    return *_site(town), ChecklistKind.AUTHENTICITY.value


def _admin_list(town: Town) -> tuple[int, int]:
    where, found = moderation.site(town), AdminList.get_or_none()
    if found is None:
        access.enter(town, where, "Helen Marsh, Admin\nUma Reyes, Editor\nHarbor Media Agency")
    return where.id, int(AdminList.get().id)


def _stranger(town: Town) -> tuple[int, int]:
    where, list_id = _admin_list(town)
    return where, AdminEntry.get((AdminEntry.admin_list == list_id) & (AdminEntry.person.is_null())).id


def _list_waiting(town: Town) -> tuple[int]:
    return (hand_in(town, b"Department,Address\nX,https://www.facebook.com/CharltonReads\n"),)


def _departure(town: Town) -> tuple[int]:
    found = Departure.get_or_none()
    if found is not None:
        return (int(found.id),)
    _admin_list(town)
    return (
        departures.open_departure(
            town.actor("head.library"), person_id=town.person_id(OWNER), kind=DepartureKind.LEAVES,
            last_day=town.today, clock=town.clock,
        ),
    )  # fmt: skip


def _sent_back(town: Town) -> tuple[int]:
    return (sites.site(town, handle="CharltonTeens", state=SiteState.CHANGES_ASKED).id,)


def _grant(town: Town) -> tuple[int]:
    return (grants.designated(town, OWNER, moderation.site(town)).id,)


def _reviewed(town: Town, box: str = "coordinator.library") -> tuple[int]:
    """The grant of one of two people in an access review; about the other's somebody is asked."""
    if not AccessReview.select().exists():
        for holder in ("coordinator.library", "employee"):
            access.allowed(town, holder, moderation.site(town), Capability.EDIT)
        reviews.open_now(town.actor("administrator"), clock=town.clock)
        reviews.ask(
            town.actor("head.library"), *_reviewed(town, "employee"), 1, asked=Asked.COORDINATOR,
            question="Does Edith still post?", clock=town.clock,
        )  # fmt: skip
    theirs = Grant.select(Grant.id).where(Grant.person == town.person_id(box))
    return (int(ReviewedGrant.get(ReviewedGrant.grant.in_(theirs)).id),)


def _review(town: Town) -> tuple[int]:
    return (int(ReviewedGrant.get_by_id(*_reviewed(town)).review_id),)


def _paper(town: Town) -> tuple[int]:
    scan = Upload("image/png", "signed.png", moderation.picture())
    paper = Paper((scan, town.parts.store.put(scan.data)), town.today, attested=True)
    document = in_force() or PolicyDocument.get_by_id(policy.publish(town))
    return (
        file_on_paper(
            town.actor("administrator"), town.person_id(OWNER), document.id, paper, agent="Test", clock=town.clock
        ),
    )


def _referral(town: Town) -> Referral:
    """Something handed on to IT."""
    return worksheets.referral(town, moderation.consulting(town))


def _referral_paper(town: Town) -> tuple[int, int]:
    made = _referral(town)
    referring.answer(
        town.actor("it"), made.id, made.version, text="Nothing of ours.", papers=[moderation.upload(town)],
        clock=town.clock,
    )  # fmt: skip
    return made.id, int(ReferralPaper.get().id)


def _works_on_it(actor: Actor, town: Town) -> bool:
    """Who follows referrals and reads the case as well: IT knows what it was asked, and no more."""
    return within(P.FOLLOW_REFERRAL)(actor, town) and within(P.READ_CASES)(actor, town)


def _draft(town: Town) -> tuple[int]:
    """A draft with the file it was read out of."""
    data = policy.TEXT.encode()
    return (
        draft(
            town.actor("administrator"), title="Social Media Policy", change=Change.MINOR, summary="Clearer words.",
            text=policy.TEXT, original=(Upload("text/plain", "policy.txt", data), town.parts.store.put(data)),
            clock=town.clock,
        ),
    )  # fmt: skip


def _link(town: Town) -> tuple[int]:
    [case] = contributors.upheld(town)
    contributors.upheld(town, handle="@burner2")
    return (contributors.link(town, contributors.writer(case), "@burner2").id,)


_DRAFT = Place(_draft, anybody(P.PUBLISH_POLICY), town=True)

PLACES: dict[str, Place] = {
    "/access/departures/<departure_id>": Place(_departure, within(P.READ_SITE_RECORDS)),
    "/access/departures/<departure_id>/passwords/<site_id>": Place(
        lambda town: (*_departure(town), *_site(town)),
        within(P.READ_SITE_RECORDS),
        rights={"GET ": within(P.READ_SITE_RECORDS)},
    ),
    "/access/questions/<row_id>": Place(
        lambda town: _reviewed(town, "employee"),
        within(P.READ_SITE_RECORDS),
        rights={"POST ": within(P.RECONCILE_ACCESS)},
        press={"POST ": lambda: {"reply": "She does."}},
    ),
    "/access/reviews/<review_id>": Place(_review, anybody(P.READ_SITE_RECORDS), town=True),
    "/access/reviews/grants/<row_id>": Place(
        _reviewed,
        within(P.READ_SITE_RECORDS),
        press={"POST ": lambda: {"answer": "keep"}},
    ),
    "/people/<person_id>": Place(lambda town: (town.person_id(OWNER),), within(P.READ_PEOPLE)),
    "/people/<person_id>/roles/<assignment_id>": Place(
        lambda town: (town.person_id(OWNER), _role(town, OWNER)), within(P.READ_PEOPLE)
    ),
    "/people/acting/<assignment_id>": Place(lambda town: (_acting(town),), within(P.READ_PEOPLE)),
    "/contributors/<contributor_id>": Place(
        lambda town: (contributors.writer(contributors.upheld(town, 3, handle="@walker")[0]),),
        anybody(P.READ_CASES),
        town=True,
        rights={
            "GET /restrict": within(P.PROPOSE_RESTRICTION),
            "POST /restrict": within(P.PROPOSE_RESTRICTION),
        },
    ),
    "/contributors/links/<link_id>": Place(_link, anybody(P.READ_CASES), town=True),
    "/contributors/letters/<letter_id>": Place(lambda town: (contributors.letter(town),), within(P.READ_CASES)),
    "/contributors/restrictions/<restriction_id>": Place(
        lambda town: (contributors.propose(town).id,),
        within(P.READ_CASES),
        press={
            "POST /carry-out": lambda: {"screenshots": (io.BytesIO(moderation.picture()), "set.png")},
            "POST /take-off": lambda: {"screenshots": (io.BytesIO(moderation.picture()), "off.png")},
        },
    ),
    "/evidence/<piece_id>": Place(lambda town: (_piece(town),), within(P.READ_EVIDENCE)),
    "/evidence/<piece_id>/records": Place(lambda town: (_archive(town),), within(P.READ_EVIDENCE)),
    "/grants/<grant_id>": Place(
        _grant, or_owner(P.READ_SITE_RECORDS), rights={"POST /take-back": within(P.DESIGNATE_GRANT, P.APPROVE_GRANT)}
    ),
    "/grants/people/<person_id>": Place(
        lambda town: (town.person_id(OWNER),), or_owner(P.READ_SITE_RECORDS), opens=frozenset({200, 303})
    ),
    "/incidents/<reference>": Place(lambda town: (incidents.report(town, OWNER),), or_owner(P.READ_INCIDENTS)),
    "/oversight/clauses/<clause>": Place(lambda _town: ("3.6-3",), anybody(P.READ_OVERSIGHT), town=True),
    "/policy/categories/<number>": Place(lambda _town: (1,), anybody(P.READ_POLICY), town=True),
    "/policy/certificates/<acknowledgement_id>": Place(
        lambda town: (_signature(town),), or_owner(P.READ_ACKNOWLEDGEMENTS)
    ),
    "/policy/certificates/<acknowledgement_id>/paper": Place(_paper, or_owner(P.READ_ACKNOWLEDGEMENTS)),
    "/policy/people/<person_id>/paper": Place(
        lambda town: (town.person_id(OWNER),), anybody(P.FILE_PAPER_SIGNATURE), town=True
    ),
    "/policy/documents/<document_id>": Place(lambda town: (policy.publish(town),), anybody(P.READ_POLICY), town=True),
    "/policy/documents/<document_id>/edit": _DRAFT,
    "/policy/documents/<document_id>/original": _DRAFT,
    "/policy/documents/<document_id>/publish": _DRAFT,
    "/records/departments/<department_id>": Place(
        lambda town: (town.department_id("Library"),), within(P.READ_SITE_RECORDS)
    ),
    "/records/sites/<site_id>": Place(_site, within(P.READ_SITE_RECORDS)),
    "/reviews/<review_id>": Place(lambda town: (findings(town),), within(P.READ_REVIEWS)),
    "/referrals/<referral_id>": Place(
        lambda town: (_referral(town).id,),
        within(P.FOLLOW_REFERRAL),
        rights={"GET /sheet": _works_on_it, "POST /withdraw": _works_on_it},
    ),
    "/referrals/<referral_id>/papers/<paper_id>": Place(_referral_paper, within(P.FOLLOW_REFERRAL)),
    "/reviews/hand-overs/<hand_over_id>": Place(
        lambda town: (hand_over(town),),
        within(P.READ_REVIEWS),
        rights={"POST /end": within(P.RECORD_REVIEW, P.NAME_ACTING)},
    ),
    "/reviews/rounds/<round_id>": Place(lambda town: (full_review(town),), within(P.READ_REVIEWS)),
    "/reviews/sites/<site_id>": Place(
        _site,
        within(P.READ_REVIEWS),
        rights=dict.fromkeys(
            ("POST ", "GET /capture", "POST /capture", "GET /full", "POST /full"), within(P.RECORD_REVIEW)
        ),
        press={"POST /rhythm": lambda: {"kind": "capture"}},
    ),
    "/settings/closures/<closure_id>": Place(lambda town: (_closure(town),), anybody(P.READ_SETTINGS), town=True),
    "/settings/defaults/<name>": Place(lambda _town: ("advice.business_days",), anybody(P.READ_SETTINGS), town=True),
    "/settings/jobs/<name>": Place(lambda _town: ("send_mail",), anybody(P.READ_SETTINGS), town=True),
    "/reminders/pauses/<pause_id>": Place(
        lambda town: (_pause(town),),
        lambda actor, town: actor.person_id == town.person_id("coordinator.library"),
        rights={"POST /end": lambda actor, town: actor.person_id == town.person_id("coordinator.library")},
    ),
    "/settings/reminders/<name>": Place(lambda _town: ("review_site",), anybody(P.READ_SETTINGS), town=True),
    "/settings/mail/<message_id>": Place(lambda town: (_message(town),), or_owner(P.READ_MAIL)),
    "/work/<kind>/<record_id>": Place(
        lambda town: ("advise_case", moderation.consulting(town).id),
        within(P.READ_CASES),
        rights={"GET ": within(P.ADVISE_CASE), "POST ": within(P.ADVISE_CASE)},
    ),
    "/sites/<site_id>": Place(
        _site,
        anybody(P.READ_SITES),
        rights={"POST /activate": within(P.REQUEST_SITE, P.APPROVE_SITE), "GET ": anybody(P.READ_SITES)},
    ),
    "/sites/<site_id>/admins": Place(_site, within(P.READ_SITE_RECORDS), stranger=KNOWN),
    "/sites/<site_id>/admins/entries/<entry_id>": Place(_stranger, within(P.READ_SITE_RECORDS), stranger=KNOWN),
    "/sites/<site_id>/admins/lists/<list_id>": Place(_admin_list, within(P.READ_SITE_RECORDS), stranger=KNOWN),
    "/sites/<site_id>/admins/people/<person_id>": Place(
        lambda town: (*_site(town), town.person_id(OWNER)), within(P.READ_SITE_RECORDS)
    ),
    "/sites/<site_id>/approval": Place(
        _site,
        within(P.READ_SITE_RECORDS),
        press={"POST /need": lambda: {"decision": "needed"}, "POST /settle": lambda: {"decision": "confirm"}},
        stranger=KNOWN,
    ),
    "/sites/<site_id>/change": Place(_sent_back, within(P.READ_SITE_RECORDS)),
    "/sites/<site_id>/checklists": Place(_site, within(P.READ_SITE_RECORDS), stranger=KNOWN),
    "/sites/<site_id>/checklists/<kind>": Place(_checklist, within(P.READ_SITE_RECORDS), stranger=KNOWN),
    "/sites/<site_id>/checklists/<kind>/checks/<number>": Place(
        lambda town: (*_checklist(town), 1), within(P.READ_SITE_RECORDS)
    ),
    "/sites/<site_id>/checklists/<kind>/<line>": Place(
        lambda town: (*_checklist(town), next(iter(lines_of(ChecklistKind.AUTHENTICITY)))), within(P.READ_SITE_RECORDS)
    ),
    "/sites/<site_id>/deactivation": Place(_site, within(P.READ_SITE_RECORDS), stranger=KNOWN),
    "/sites/<site_id>/deactivation/<step>": Place(
        lambda town: (*_site(town), "last_capture"),
        within(P.READ_SITE_RECORDS),
        rights={"POST ": within(P.CHECK_SITE, P.APPROVE_SITE)},
        stranger=KNOWN,
    ),
    "/sites/<site_id>/people": Place(_site, within(P.READ_SITE_RECORDS), stranger=KNOWN),
    "/sites/coordinators/<appointment_id>": Place(
        lambda town: (_appointment(town),),
        or_owner(P.READ_SITE_RECORDS),
        rights={
            "POST /end": within(P.APPOINT_COORDINATOR, P.FILE_APPOINTMENT),
            "POST /notes": or_owner(P.APPOINT_COORDINATOR),
        },
    ),
    "/sites/coordinators/<appointment_id>/hand-over": Place(_in_office, or_owner(P.READ_SITE_RECORDS)),
    "/sites/mailboxes/<mailbox_id>": Place(lambda town: (_mailbox(town),), anybody(P.READ_SITE_RECORDS), town=True),
    "/sites/networks/<network_id>": Place(
        lambda town: (sites.network(town).id,), anybody(P.READ_SITE_RECORDS), town=True
    ),
    "/sites/proofs/<proof_id>": Place(lambda town: (_proof(town),), within(P.READ_SITE_RECORDS)),
    "/sites/directory/<kind>": Place(lambda _town: ("csv",), anybody(P.PUBLISH_DIRECTORY), town=True),
    "/sites/registry/<listed_id>": Place(
        lambda town: (listed(town, handle="CharltonPages").id,),
        within(P.READ_SITE_RECORDS),
        rights={"POST /strike": within(P.LIST_ACCOUNTS, P.REQUEST_SITE)},
    ),
    "/sites/registry/import/<import_id>": Place(_list_waiting, anybody(P.LIST_ACCOUNTS), town=True),
    "/triage/import/<run_id>": Place(lambda town: (_import(town),), within(P.IMPORT_COMMENTS)),
    "/triage/reconsiderations/<request_id>": Place(
        lambda town: (asking.request(town).id,),
        within(P.READ_CASES),
        press={"POST /answer": lambda: {"answer": "uphold"}},
    ),
    "/triage/<case_id>/reconsideration": Place(
        lambda town: (moderation.closed(town).id,), within(P.READ_CASES), rights={"GET ": within(P.LOG_RECONSIDERATION)}
    ),
    "/triage/views/<view_id>": Place(
        lambda town: (_view(town),), lambda actor, town: actor.person_id == town.person_id("coordinator.library")
    ),
    "/triage/<case_id>": Place(
        lambda town: (moderation.case(town).id,),
        within(P.READ_CASES),
        rights={"POST /notes": within(P.TRIAGE_CASE, P.ADVISE_CASE, P.DETERMINE_CASE, P.CARRY_OUT_CASE)},
        press={
            "POST /carry-out": lambda: {"screenshots": (io.BytesIO(moderation.picture()), "gone.png")},
            "POST /evidence": lambda: {"evidence": (io.BytesIO(moderation.picture()), "more.png")},
            "POST /failed": lambda: {"piece": "1", "why": "blank"},
            "POST /look-again": lambda: {"seen": "same"},
        },
    ),
}


def bare(rule: Rule) -> str:
    """The rule's address with the bare names of its arguments: ``/sites/<site_id>/decide``."""
    return re.sub(r"<[^:<>]+:(\w+)>", r"<\1>", rule.rule)


def place_of(address: str) -> tuple[str, Place] | None:
    """The longest line whose record is the last one in ``address``, with the rest of the address."""
    fitting = [key for key in PLACES if address.startswith(key) and "<" not in address.removeprefix(key)]
    key = max(fitting, key=len, default=None)
    return None if key is None else (address.removeprefix(key), PLACES[key])
