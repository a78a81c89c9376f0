"""The audit trail in words. Pure."""

# The audit tag of a walk along the whole chain.
TRAIL_VERIFIED = "trail.verified"
# How many people outside IT get the day's head, so that nobody alone can let a copy of it vanish.
WITNESSES = 2


def in_words(code: str) -> str:
    """A name from the code as people read it: ``case.carried_out`` is ``Case carried out``."""
    return code.replace(".", " ").replace("_", " ").strip().capitalize()


def read_anchor(text: str) -> tuple[int, str]:
    """A head as the mail and the commands write it, ``NUMBER:DIGEST``; ``ValueError`` when it is none.

    White space is let pass: mail programs break long lines.
    """
    number, _, digest = "".join(text.split()).lower().partition(":")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise ValueError("Start with the number of the event, then a colon.")
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ValueError("After the colon come the 64 letters and digits of the digest.")
    return int(number), digest
