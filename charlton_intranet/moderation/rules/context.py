"""What the words of a case answer: without it many a comment can not be understood. Pure."""

from dataclasses import dataclass

from charlton_intranet.core.errors import Invalid
from charlton_intranet.moderation.rules.words import HANDLE_MAX, LINK_MAX, TEXT_MAX, clean

TITLE_MAX = 300


@dataclass(frozen=True, slots=True)
class Context:
    """The post replied to: its words, its writer, its link, and the title of the page it all stood on."""

    text: str = ""
    handle: str = ""
    permalink: str = ""
    title: str = ""

    @property
    def described(self) -> str:
        """All of it as one text, to be sealed or noted."""
        lines = (("Page", self.title), ("Written by", self.handle), ("Link", self.permalink))
        head = "".join(f"{label}: {value}\n" for label, value in lines if value)
        return "\n".join(part for part in (head, self.text) if part)


def cleaned(context: Context | None) -> Context | None:
    """The context without what can not be stored, and without white space around; None when nothing of it is known."""
    if context is None:
        return None
    kept = Context(
        text=clean(context.text).strip(),
        handle=clean(context.handle).strip(),
        permalink=clean(context.permalink).strip(),
        title=" ".join(clean(context.title).split()),
    )
    return kept if kept != Context() else None


def check_context(context: Context) -> None:
    """Whether each part fits; the fields of the problems begin with ``context_``."""
    limits = {"text": TEXT_MAX, "handle": HANDLE_MAX, "permalink": LINK_MAX, "title": TITLE_MAX}
    problems = {
        f"context_{name}": f"This has {len(getattr(context, name)):,} characters; there is room for {most:,}."
        for name, most in limits.items()
        if len(getattr(context, name)) > most
    }
    if problems:
        raise Invalid(problems)
