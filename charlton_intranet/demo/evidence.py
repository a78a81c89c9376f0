"""What came to the evidence of the demo's cases later: an archive, a capture that failed, looks at the live posts."""

import io
from datetime import datetime, timedelta

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import EvidenceStore, Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.demo import cast
from charlton_intranet.demo.moderation import card
from charlton_intranet.evidence.inspect import inspect_evidence
from charlton_intranet.evidence.models import Failing, Piece, PieceKind
from charlton_intranet.evidence.service import checking
from charlton_intranet.moderation.models import Case, CasePiece
from charlton_intranet.moderation.rules.looks import Seen
from charlton_intranet.moderation.service import preserving

MASK_NOW = (
    "People like the new assistant do not belong in our library. Somebody should show them the door."
)  # fmt: skip


def archive(case: Case, clock: FixedClock) -> bytes:
    """The page of a post as an archiving browser would save it."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    headers = {"WARC-Date": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"}
    pages = {
        case.permalink: ("text/html; charset=utf-8", f"<!doctype html><title>Post</title><p>{case.text}</p>".encode()),
        f"{case.permalink}/comments.json": ("application/json", b'{"comments": []}'),
        "https://cdn.example/avatar.png": ("image/png", card("Bargain Barn Deals", "80 percent off")),
    }
    for address, (media_type, body) in pages.items():
        http = StatusAndHeaders("200 OK", [("Content-Type", media_type)], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            address,
            "response",
            payload=io.BytesIO(body),
            length=len(body),  # without it, the writer makes a temporary file that it does not close
            http_headers=http,
            warc_headers_dict=headers,
        )
        writer.write_record(record)
    return out.getvalue()


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """The oldest first; nothing here moves a case."""
    end = clock.at

    def at(days: float, name: str) -> tuple[Actor, Case]:
        """The clock set to that moment, with the coordinator of the case."""
        clock.at = end - timedelta(days=days)
        case: Case = Case.get(Case.permalink.endswith(f"/posts/{name}"))
        return cast.actor(f"coordinator.{case.department.slug}", clocks.today(clock)), case

    def taken(data: bytes, name: str) -> tuple[Upload, Stored]:
        upload = inspect_evidence(data, name, field="evidence")
        return upload, store.put(data)

    actor, case = at(9.4, "sneakers")
    page = taken(archive(case, clock), "bargain-barn.warc.gz")
    preserving.add_evidence(actor, case.id, case.version, uploads=[page], clock=clock)

    _check(clock, store, end - timedelta(days=7.1))

    actor, case = at(6.05, "mask")
    first = Piece.select().join(CasePiece).where((CasePiece.case == case.id) & (Piece.kind == PieceKind.SCREENSHOT))
    whole = taken(card("Vernon P.", case.text + "\n\n14 reactions, 3 replies"), "mask-whole.png")
    preserving.replace_failed(
        actor, case.id, case.version, piece_id=first.order_by(Piece.id).get().id, why=Failing.CUT_OFF,
        reason="The reactions and replies below the comment are missing.", upload=whole, clock=clock,
    )  # fmt: skip

    looks = (
        (3.2, "mask", Seen.CHANGED, MASK_NOW, "He toned it down after two neighbors answered."),
        (2.1, "crooked", Seen.SAME, "", ""),
        (0.25, "gift", Seen.GONE, "", "“This content is not available.” The account seems to be gone as well."),
    )
    for days, name, seen, words, remark in looks:
        actor, case = at(days, name)
        shown = None if seen is Seen.SAME else taken(card("The page", words or remark), f"{name}-later.png")
        preserving.look_again(
            actor, case.id, case.version, seen=seen, words=words, remark=remark, upload=shown, store=store, clock=clock
        )

    _check(clock, store, end - timedelta(days=0.1))
    clock.at = end


def _check(clock: FixedClock, store: EvidenceStore, when: datetime) -> None:
    """One reading of everything."""
    clock.at = when
    checking.start(cast.actor("it", clocks.today(clock)), clock=clock)
    checking.work(store, clock=clock)
