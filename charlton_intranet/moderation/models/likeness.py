"""Tables through which decisions on like words and on the same category are found, at the same cost at any size.

A job fills them from the determinations (``moderation.indexing``); they hold nothing that is not there already.
"""

from typing import TYPE_CHECKING

import peewee

from charlton_intranet.core.database import Model
from charlton_intranet.moderation.models.deciding import Determination


class DecisionWords(Model):
    """The words that were decided on, each once, sorted and separated by spaces. A row says: this one is indexed."""

    determination = peewee.ForeignKeyField(Determination, primary_key=True, on_delete="CASCADE")
    words = peewee.TextField()
    if TYPE_CHECKING:
        determination_id: int


class DecisionKey(Model):
    """One band of the words' MinHash: decisions on like words share at least one of them, very likely."""

    determination = peewee.ForeignKeyField(Determination, on_delete="CASCADE", index=False)
    key = peewee.BigIntegerField()
    if TYPE_CHECKING:
        determination_id: int

    class Meta:
        indexes = ((("key", "determination"), False),)


class DecidedUnder(Model):
    """One category of a determination."""

    determination = peewee.ForeignKeyField(Determination, on_delete="CASCADE", index=False)
    letter = peewee.FixedCharField(1)
    if TYPE_CHECKING:
        determination_id: int

    class Meta:
        indexes = ((("letter", "determination"), True),)


class LikePair(Model):
    """Two decisions on like words. ``common`` are the words both have, ``share`` how many in a hundred of all words.

    ``differs`` follows the outcomes as they stand: a reversed removal counts as kept.
    """

    newer = peewee.ForeignKeyField(Determination, on_delete="CASCADE", backref="+", index=False)
    older = peewee.ForeignKeyField(Determination, on_delete="CASCADE", backref="+")
    common = peewee.TextField()
    share = peewee.IntegerField()
    differs = peewee.BooleanField()
    if TYPE_CHECKING:
        newer_id: int
        older_id: int

    class Meta:
        indexes = ((("newer", "older"), True), (("differs", "id"), False))
