"""My work."""

from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Permission
from charlton_intranet.oversight.queries.waiting import waits
from charlton_intranet.oversight.queries.work import my_work
from charlton_intranet.oversight.web.blueprint import blueprint
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond


@blueprint.get("/")
@needs(Permission.USE_APP)
def home() -> ResponseReturnValue:
    """What the reader owes, with the thing to press, and what others owe the reader."""
    register, actor, today = context.parts().register, context.actor(), context.today()
    return respond(
        "oversight/my_work.html", "oversight/_my_work.html",
        work=my_work(register, actor, today), waits=waits(register, actor, today),
    )  # fmt: skip
