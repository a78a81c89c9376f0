"""The audit trail in words. Pure."""

# The audit tag of a walk along the whole chain; its newest event is shown on the trail's page.
TRAIL_VERIFIED = "trail.verified"


def in_words(code: str) -> str:
    """A name from the code as people read it: ``case.carried_out`` is ``Case carried out``."""
    return code.replace(".", " ").replace("_", " ").strip().capitalize()
