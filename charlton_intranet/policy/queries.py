"""Reads of the policy, its defaults and signatures."""

from charlton_intranet.policy.models import ChangedDefault
from charlton_intranet.policy.rules import DEFAULTS


def default(name: str) -> int:
    """The value in force of a default, in the unit that ``rules.DEFAULTS`` gives."""
    changed = ChangedDefault.select(ChangedDefault.value).where(ChangedDefault.name == name).tuples().first()
    return int(changed[0]) if changed else DEFAULTS[name].value
