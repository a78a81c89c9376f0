"""How something seen on a site becomes a case."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.inspect import kind_of
from charlton_intranet.evidence.models import PieceKind
from charlton_intranet.moderation.models import (
    Case,
    CaseAlias,
    CaseContext,
    CaseNote,
    CasePiece,
    Contributor,
    StaffPost,
)
from charlton_intranet.moderation.queries import context_of
from charlton_intranet.moderation.rules import (
    AuthorKind,
    Captured,
    CaseState,
    Context,
    Source,
    check_all,
    check_context,
    check_source,
    check_text,
    clean,
    cleaned,
    handle_key,
    origin_key,
)
from charlton_intranet.moderation.service._cases import due, make_findable, subject, write_note
from charlton_intranet.sites.queries import SiteRef, site_ref
from charlton_intranet.sites.rules import LIVE, normalise

CAPTURED = audit.declare("case.captured", "site", "source", "text", "urgent", "pieces", "context")
CAPTURED_AGAIN = audit.declare("case.captured_again", "text", "pieces", "before", "after")

# Of more comments under one link than this, the words of the rest are not compared.
SHARED_LINK = 200

Files = Sequence[tuple[Upload, Stored]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw on a site, as it was handed in. ``context`` is the post that the words answer."""

    site_id: int
    text: str
    permalink: str = ""
    handle: str = ""
    author_kind: AuthorKind = AuthorKind.PUBLIC
    posted_at: datetime | None = None
    urgent: bool = False
    context: Context | None = None
    uploads: Files = ()


def capture(
    actor: Actor,
    *,
    site_id: int,
    text: str,
    permalink: str = "",
    handle: str = "",
    author_kind: AuthorKind = AuthorKind.PUBLIC,
    posted_at: datetime | None = None,
    urgent: bool = False,
    context: Context | None = None,
    uploads: Files = (),
    source: Source = Source.FORM,
    clock: Clock,
) -> Captured:
    """Take in what somebody saw, in a unit of work of its own."""
    seen = Seen(site_id, text, permalink, handle, author_kind, posted_at, urgent, context, uploads)
    return capture_seen(actor, seen, source=source, clock=clock)


def capture_seen(actor: Actor, seen: Seen, *, source: Source = Source.FORM, clock: Clock) -> Captured:
    """The same, of what was seen as a whole."""
    with unit_of_work():
        return take_in(actor, seen, source=source, clock=clock)


def take_in(actor: Actor, seen: Seen, *, source: Source, clock: Clock) -> Captured:
    """Take in what somebody saw, inside the caller's unit of work.

    The same post again joins its case; one that was dismissed is opened again. Words that differ from those captured
    first are kept as a note: a post may have been edited in between.
    """
    site = open_site(actor, seen.site_id, Permission.CAPTURE_CONTENT)
    seen = replace(
        seen, text=clean(seen.text), permalink=clean(seen.permalink).strip(), handle=clean(seen.handle).strip(),
        context=cleaned(seen.context),
    )  # fmt: skip
    check_all(
        lambda: check_text(seen.text),
        lambda: check_source(seen.permalink, seen.handle),
        lambda: _check_posted(seen.posted_at, clock),
        lambda: check_context(seen.context) if seen.context else None,
    )
    key = origin_key(link=normalise(seen.permalink))
    known = same_post(site.id, key, seen.text)
    if known is not None:
        return join(
            actor, known, text=seen.text, permalink=seen.permalink, urgent=seen.urgent, uploads=seen.uploads,
            context=seen.context, clock=clock,
        )  # fmt: skip
    return Captured(_open_case(actor, site, seen, key, source=source, clock=clock))


def _open_case(actor: Actor, site: SiteRef, seen: Seen, key: str | None, *, source: Source, clock: Clock) -> int:
    now, by_staff = clock.now(), seen.author_kind is AuthorKind.STAFF
    case_id = int(
        Case.insert(
            site=site.id, department=site.department_id, author_kind=seen.author_kind, text=seen.text,
            contributor=None if by_staff else _contributor(site.network_id, seen.handle),
            permalink=seen.permalink, origin_key=key, posted_at=seen.posted_at,
            seen_at=now, seen_by=actor.person_id, source=source, urgent=seen.urgent, changed_at=now,
            due_on=due(clock, "triage.business_days"),
        ).execute()
    )  # fmt: skip
    if by_staff and seen.handle:
        StaffPost.insert(case=case_id, account=seen.handle).execute()
    if seen.context:
        keep_context(case_id, seen.context)
    pieces = attach(actor, case_id, site.id, seen.uploads, address=seen.permalink, clock=clock)
    make_findable(case_id)
    audit.record(
        CAPTURED, actor, subject(case_id), clock=clock, site=site.id, source=source,
        text=audit.digest_of(seen.text), urgent=seen.urgent, pieces=pieces,
        context=audit.digest_of(seen.context.described) if seen.context else None,
    )  # fmt: skip
    return case_id


def keep_context(case_id: int, context: Context) -> None:
    """Keep what the words of a case answer."""
    CaseContext.insert(
        case=case_id, text=context.text, handle=context.handle, permalink=context.permalink, title=context.title
    ).execute()


def open_site(actor: Actor, site_id: int, permission: Permission) -> SiteRef:
    """The site, if the town uses it and the actor may take in what stands there."""
    site = site_ref(site_id)
    if actor.person_id is not None:
        actor.must_have(permission, site.department_id)
    if site.state not in LIVE:
        raise Invalid({"site_id": f"{site.title} is not in use any more. Choose another site."})
    return site


def attach(
    actor: Actor,
    case_id: int,
    site_id: int,
    uploads: Files,
    *,
    kind: PieceKind | None = None,
    address: str,
    clock: Clock,
) -> list[int]:
    """Write the rows of stored files and put them to the case; returns the pieces' ids.

    Without ``kind`` each is what its content says: a screenshot, a document, or a web archive.
    """
    pieces = []
    for upload, stored in uploads:
        piece_id = evidence.record_piece(
            actor, site_id=site_id, kind=kind or kind_of(upload), stored=stored, media_type=upload.media_type,
            file_name=upload.file_name, source_address=address, clock=clock,
        )  # fmt: skip
        CasePiece.insert(case=case_id, piece=piece_id).execute()
        pieces.append(piece_id)
    return pieces


def _check_posted(posted_at: datetime | None, clock: Clock) -> None:
    if posted_at is not None and posted_at > clock.now():
        raise Invalid({"posted_at": "This lies in the future. Type when it was posted, or leave it empty."})


def same_post(site_id: int, key: str | None, text: str = "") -> Case | None:
    """The case of this post, if it is there.

    One that came with the network's id is found by its link too: by the words where the link leads to several.
    """
    if key is None:
        return None
    case = Case.get_or_none((Case.site == site_id) & (Case.origin_key == key))
    if case is not None:
        return case
    aliased = (CaseAlias.site == site_id) & (CaseAlias.key == key)
    there = list(Case.select().join(CaseAlias).where(aliased).order_by(Case.id).limit(SHARED_LINK))
    alike = [case for case in there if same_words(case.text, text)]
    return alike[0] if alike else there[0] if len(there) == 1 else None


def _contributor(network_id: int, handle: str) -> int | None:
    """The contributor's id; the first spelling of a name is kept."""
    key = handle_key(handle)
    if not key:
        return None
    Contributor.insert(network=network_id, handle=handle, handle_key=key).on_conflict(
        conflict_target=[Contributor.network, Contributor.handle_key], action="NOTHING"
    ).execute()
    return int(Contributor.get((Contributor.network == network_id) & (Contributor.handle_key == key)).id)


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same but for white space, which networks render as they like."""
    return " ".join(one.split()) == " ".join(other.split())


def words_are_new(case: Case, text: str) -> bool:
    """Whether these words stand neither in the case nor in what was noted when it was captured again."""
    if same_words(case.text, text):
        return False
    noted = (CaseNote.case == case.id) & (CaseNote.text == _other_words(text))
    return not CaseNote.select().where(noted).exists()


def _other_words(text: str) -> str:
    return f"Captured again with other words:\n{text}"


def join_context(actor: Actor, case: Case, context: Context, *, clock: Clock) -> None:
    """The first context stays. What was captured later, or after the seal, is a note: the case then rests on the first.

    Nothing is written when the same context comes again.
    """
    there = context_of(case.id)
    if context == there:
        return
    if there is None and case.seal_id is None:
        keep_context(case.id, context)
        return
    text = f"Captured again, in answer to:\n{context.described}"
    if not CaseNote.select().where((CaseNote.case == case.id) & (CaseNote.text == text)).exists():
        write_note(actor, case.id, text, clock=clock)


def join(
    actor: Actor,
    case: Case,
    *,
    text: str,
    permalink: str,
    urgent: bool = False,
    uploads: Files = (),
    context: Context | None = None,
    clock: Clock,
) -> Captured:
    """Put a second capture of the same post to its case, inside the caller's unit of work."""
    reopened = case.state is CaseState.DISMISSED
    pieces = attach(actor, case.id, case.site_id, uploads, address=permalink, clock=clock)
    if pieces and case.seal_id is not None:
        evidence.seal(actor, pieces, about=subject(case.id), clock=clock)
    if words_are_new(case, text):
        write_note(actor, case.id, _other_words(text), clock=clock)
    if context:
        join_context(actor, case, context, clock=clock)
    after = CaseState.OPEN if reopened else case.state
    changes = {"due_on": due(clock, "triage.business_days"), "dismissed_by": None, "dismissed_batch": None}
    update_current(
        Case, case.id, case.version, state=after, urgent=case.urgent or urgent, changed_at=clock.now(),
        **(changes if reopened else {}),
    )  # fmt: skip
    audit.record(
        CAPTURED_AGAIN, actor, subject(case.id), clock=clock,
        text=audit.digest_of(text), pieces=pieces, before=case.state, after=after,
    )  # fmt: skip
    return Captured(case.id, joined=True, reopened=reopened)
