"""What is told about the policy and one's own signature since somebody's last visit."""

from collections.abc import Collection, Mapping
from typing import Any

from charlton_intranet.core.database import rows
from charlton_intranet.core.news import Named, Telling, everything, subjects
from charlton_intranet.core.permissions import Actor
from charlton_intranet.policy.models import Acknowledgement, PolicyDocument


def _documents(_actor: Actor) -> Any:
    return PolicyDocument.select(subjects("policy", PolicyDocument.id))


def _signatures(actor: Actor) -> Any:
    own = Acknowledgement.person == (actor.person_id or 0)
    return Acknowledgement.select(subjects("acknowledgement", Acknowledgement.id)).where(own)


def _document_names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    query = PolicyDocument.select(PolicyDocument.id, PolicyDocument.major, PolicyDocument.minor)
    return {
        number: Named(f"version {major}.{minor} of the policy", "/policy")
        for number, major, minor in rows(query.where(PolicyDocument.id.in_(list(ids))))
    }


def _signature_names(_actor: Actor, ids: Collection[int]) -> Mapping[int, Named]:
    return {number: Named("Your signature under the policy", "/policy/sign") for number in ids}


TELLINGS = (
    Telling(
        "policy",
        {"policy.published": "{who} published {what}"},
        readable=everything,
        concerning=_documents,
        named=_document_names,
    ),
    Telling(
        "acknowledgement",
        {
            "acknowledgement.expiring": "{what} ends before long: sign again",
            "acknowledgement.expired": "{what} has ended: sign again",
            "acknowledgement.superseded": "{what} is for an earlier version: sign the new one",
            "acknowledgement.filed": "{what} was filed on paper by {who}",
        },
        readable=_signatures,
        concerning=_signatures,
        named=_signature_names,
        after_own=False,
    ),
)
