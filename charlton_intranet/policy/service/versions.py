"""Drafting and publishing a version of the policy."""

from charlton_intranet.core import audit, files
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import rows, unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.policy import queries
from charlton_intranet.policy.clauses import plain_text, sha256_of
from charlton_intranet.policy.models import PolicyDocument, PolicyOriginal
from charlton_intranet.policy.rules import MOVES, Change, DocumentState, check_document, next_number

DRAFTED = audit.declare("policy.drafted", "number", "text", "original_sha256")
REDRAFTED = audit.declare("policy.redrafted", "number", "before", "after", "original_sha256")
PUBLISHED = audit.declare("policy.published", "number", "change", "text", "original_sha256", "before", "after")

# The file out of which a text was read: inspected, and put into the store.
HandedIn = tuple[Upload, Stored]


def _subject(document_id: int) -> str:
    return f"policy:{document_id}"


def draft(
    actor: Actor,
    *,
    title: str,
    change: Change,
    summary: str,
    text: str,
    original: HandedIn | None = None,
    clock: Clock,
) -> int:
    """Write down a new version; returns its id. There is one draft at a time, so that numbers follow each other.

    ``original`` is the file that ``text`` was read out of.
    """
    text = plain_text(text)
    with unit_of_work():
        actor.must_have(Permission.PUBLISH_POLICY)
        if queries.draft_id() is not None:
            raise Invalid({"text": "There is a draft already. Change or publish that one first."})
        last = _last_published()
        check_document(title=title, change=change, summary=summary, text=text, first=last is None)
        major, minor = next_number(change, last)
        document_id = int(
            PolicyDocument.insert(
                title=title.strip(), major=major, minor=minor, change=change, summary=summary.strip(),
                text=text, text_sha256=sha256_of(text), drafted_by=actor.person_id, drafted_at=clock.now(),
            ).execute()
        )  # fmt: skip
        _keep_original(document_id, original, clock=clock)
        audit.record(
            DRAFTED, actor, _subject(document_id), clock=clock,
            number=f"{major}.{minor}", text=audit.digest_of(text), **queries.original_digest(document_id),
        )  # fmt: skip
    return document_id


def redraft(
    actor: Actor,
    document_id: int,
    version: int,
    *,
    title: str,
    change: Change,
    summary: str,
    text: str,
    original: HandedIn | None = None,
    typed: bool = False,
    clock: Clock,
) -> None:
    """Change the draft; a published version is never changed.

    Another ``original`` takes the place of the one before; ``typed`` says that the text is no file's any more.
    """
    text = plain_text(text)
    with unit_of_work():
        kept = _draft(actor, document_id)
        last = _last_published()
        check_document(title=title, change=change, summary=summary, text=text, first=last is None)
        major, minor = next_number(change, last)
        update_current(
            PolicyDocument, document_id, version,
            title=title.strip(), major=major, minor=minor, change=change, summary=summary.strip(),
            text=text, text_sha256=sha256_of(text),
        )  # fmt: skip
        if original is not None or typed:
            _drop_original(document_id)
        _keep_original(document_id, original, clock=clock)
        audit.record(
            REDRAFTED, actor, _subject(document_id), clock=clock, number=f"{major}.{minor}",
            before=audit.digest_of(kept.text), after=audit.digest_of(text), **queries.original_digest(document_id),
        )  # fmt: skip


def publish(actor: Actor, document_id: int, version: int, *, clock: Clock) -> str:
    """Put the draft into force in place of the version before; returns its number.

    After a major version no signature counts any more until it is given anew (3.3-4).
    """
    with unit_of_work():
        kept = _draft(actor, document_id)
        before = queries.in_force()
        if before is not None:
            PolicyDocument.update(state=DocumentState.SUPERSEDED, version=PolicyDocument.version + 1).where(
                PolicyDocument.id == before.id
            ).execute()
        update_current(
            PolicyDocument, document_id, version,
            state=DocumentState.PUBLISHED, published_by=actor.person_id, published_at=clock.now(),
        )  # fmt: skip
        number = kept.number
        audit.record(
            PUBLISHED, actor, _subject(document_id), clock=clock, number=number, change=kept.change,
            text=audit.digest_of(kept.text), **queries.original_digest(document_id),
            before=before.number if before else None, after=number,
        )  # fmt: skip
    return number


def _keep_original(document_id: int, original: HandedIn | None, *, clock: Clock) -> None:
    if original is None:
        return
    upload, stored = original
    file_id = files.keep(stored, media_type=upload.media_type, file_name=upload.file_name, clock=clock)
    PolicyOriginal.insert(document=document_id, file=file_id).execute()


def _drop_original(document_id: int) -> None:
    """Let go of a draft's file; its bytes are swept like any upload that belongs to nothing."""
    file_ids = [
        file_id
        for (file_id,) in rows(PolicyOriginal.select(PolicyOriginal.file).where(PolicyOriginal.document == document_id))
    ]
    PolicyOriginal.delete().where(PolicyOriginal.document == document_id).execute()
    StoredFile.delete().where(StoredFile.id.in_(file_ids)).execute()


def _last_published() -> tuple[int, int] | None:
    current = queries.in_force()
    return (current.major, current.minor) if current else None


def _draft(actor: Actor, document_id: int) -> PolicyDocument:
    """The draft, for those who publish; a version that has left that state answers as stale."""
    kept = queries.document(actor, document_id)
    actor.must_have(Permission.PUBLISH_POLICY)
    if DocumentState.PUBLISHED not in MOVES[kept.state]:
        raise StaleState("This version has been published already. A published version is never changed.")
    return kept
