"""Records that not everybody who reads boards and trails may know about."""

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.duties.referrals import PERSONNEL

# By the kind of record in ``subject`` (``kind:id``), as duties and audit events name it.
_READERS = {"incident": Permission.READ_INCIDENTS, PERSONNEL: Permission.DETERMINE_CASE}


def is_confidential(subject: str) -> bool:
    """Whether only some may know what the record is about."""
    return subject.partition(":")[0] in _READERS


def may_know(actor: Actor, subject: str, department_id: int | None = None) -> bool:
    """Whether ``actor`` may read what the record is about."""
    permission = _READERS.get(subject.partition(":")[0])
    return permission is None or actor.may(permission, department_id)
