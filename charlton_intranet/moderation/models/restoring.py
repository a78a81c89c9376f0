"""Tables of what is put back, and of orders that a network does not let the town carry out."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.evidence.models import Piece
from charlton_intranet.moderation.models.cases import Case
from charlton_intranet.moderation.models.deciding import Order
from charlton_intranet.moderation.rules.emergency import RestoreCause, RestoreState


class RestoreOrder(Model):
    """The order to bring hidden or removed content back; one a case and cause.

    Done means that ``shown`` shows it in its place. ``ordered_by`` is empty when the calendar ordered it. ``note`` says
    why it can not be brought back.
    """

    case = peewee.ForeignKeyField(Case, on_delete="RESTRICT", index=False)
    cause = ChoiceField(RestoreCause)
    state = ChoiceField(RestoreState, default=RestoreState.ORDERED)
    ordered_at = UtcDateTimeField()
    ordered_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    due_on = peewee.DateField()
    done_at = UtcDateTimeField(null=True)
    done_by = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT", index=False)
    shown = peewee.ForeignKeyField(Piece, null=True, on_delete="RESTRICT")
    note = peewee.TextField(default="")
    if TYPE_CHECKING:
        case_id: int
        ordered_by_id: int | None
        done_by_id: int | None
        shown_id: int | None

    class Meta:
        indexes = ((("case", "cause"), True), (("state", "due_on"), False))
        constraints = (peewee.Check('("state" = \'done\') = ("shown_id" IS NOT NULL)'),)


class OrderObstacle(Model):
    """A coordinator could not carry an order out: what the network said, and how it was reported to it."""

    order = peewee.ForeignKeyField(Order, on_delete="RESTRICT")
    what = peewee.TextField()
    reported = peewee.CharField(max_length=500)
    noted_at = UtcDateTimeField()
    noted_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT", index=False)
    if TYPE_CHECKING:
        order_id: int
        noted_by_id: int
