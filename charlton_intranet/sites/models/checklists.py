"""Tables of checklists: each check with its answers, and IT's advice on single lines."""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField
from charlton_intranet.sites.models.proofs import Proof
from charlton_intranet.sites.models.sites import Site
from charlton_intranet.sites.rules.checklists import Answer, ChecklistKind


class ChecklistRun(Versioned):
    """One check of a site: the ``number``-th of its kind, against one edition of the lines.

    Until it is ``complete`` it is a draft, of which a site has one a kind at most: the one with the highest number.
    ``answered_by`` and ``answered_at`` are those of the last saving; a complete check keeps them.
    """

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT", index=False)  # the unique index below serves
    kind = ChoiceField(ChecklistKind)
    number = peewee.IntegerField()
    edition = peewee.IntegerField()
    complete = peewee.BooleanField()
    answered_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    answered_at = UtcDateTimeField()
    if TYPE_CHECKING:
        site_id: int
        answered_by_id: int

    class Meta:
        indexes = ((("site", "kind", "number"), True),)


class ChecklistAnswer(Model):
    """What was found on one line. Of several for a line in a check the last one counts: it mended the one before.

    ``answer`` is null in drafts alone. ``note`` says what is missing, or why the line does not apply.
    """

    run = peewee.ForeignKeyField(ChecklistRun, on_delete="RESTRICT", index=False)  # the index below serves
    line = peewee.CharField(max_length=40)
    answer = ChoiceField(Answer, null=True)
    note = peewee.TextField(default="")
    proof = peewee.ForeignKeyField(Proof, null=True, on_delete="RESTRICT")
    answered_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    answered_at = UtcDateTimeField()
    if TYPE_CHECKING:
        run_id: int
        proof_id: int | None
        answered_by_id: int

    class Meta:
        indexes = ((("run", "line"), False),)


class ChecklistAdvice(Model):
    """IT's advice on one line of a site's checklist (3.6-5, 3.8); the last one is shown. Never changed."""

    site = peewee.ForeignKeyField(Site, on_delete="RESTRICT", index=False)  # the index below serves
    kind = ChoiceField(ChecklistKind)
    line = peewee.CharField(max_length=40)
    text = peewee.TextField()
    given_by = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
    given_at = UtcDateTimeField()
    if TYPE_CHECKING:
        site_id: int
        given_by_id: int

    class Meta:
        indexes = ((("site", "kind", "line"), False),)
