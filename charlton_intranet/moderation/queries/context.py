"""What the words of a case answer."""

from charlton_intranet.core.database import first_row
from charlton_intranet.moderation.models import CaseContext
from charlton_intranet.moderation.rules import Context


def context_of(case_id: int) -> Context | None:
    """What was captured with the case of the post it answers; None when nothing was. The caller checks who asks."""
    columns = (CaseContext.text, CaseContext.handle, CaseContext.permalink, CaseContext.title)
    row = first_row(CaseContext.select(*columns).where(CaseContext.case == case_id))
    return Context(*row) if row else None
