"""What a network lets somebody do on a page, read from the words the network uses for it. Pure.

The levels are those of the policy's capabilities (3.3-2): view 1, comment 2, edit 3, publish 4. Who administers a
page can publish on it, and let others in besides.
"""

from enum import StrEnum, auto
from unicodedata import combining, normalize


class PageRole(StrEnum):
    """What somebody can do on a page; ``NOTHING``: they are not on it, ``UNKNOWN``: the words do not tell."""

    NOTHING = auto()
    VIEW = auto()
    COMMENT = auto()
    EDIT = auto()
    PUBLISH = auto()
    ADMINISTER = auto()
    UNKNOWN = auto()

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def level(self) -> int | None:
        """The level of the capability, 0 for nothing, None when it is not known."""
        return _LEVELS[self]


R = PageRole
_LEVELS = {R.NOTHING: 0, R.VIEW: 1, R.COMMENT: 2, R.EDIT: 3, R.PUBLISH: 4, R.ADMINISTER: 4, R.UNKNOWN: None}
_LABELS = {
    R.NOTHING: "Not on the page",
    R.VIEW: "View only",
    R.COMMENT: "Comment",
    R.EDIT: "Edit",
    R.PUBLISH: "Publish",
    R.ADMINISTER: "Administer the page",
    R.UNKNOWN: "Not known",
}

# English and Spanish, as Facebook, Instagram, YouTube, X and LinkedIn show them. A network's "editor" can publish.
_WORDS: dict[PageRole, tuple[str, ...]] = {
    R.ADMINISTER: (
        "full access", "full control", "facebook access with full control", "owner", "primary owner", "manager",
        "admin", "administrator", "super admin", "page admin", "acceso total", "acceso completo", "control total",
        "acceso de facebook con control total", "propietario", "propietaria", "propietario principal", "dueno",
        "duena", "administrador", "administradora", "superadministrador", "gerente", "gestor", "gestora",
    ),
    R.PUBLISH: (
        "partial access", "partial control", "facebook access with partial control", "editor", "editor limited",
        "content creator", "content admin", "contributor", "publisher", "publish", "can post",
        "acceso parcial", "control parcial", "acceso de facebook con control parcial", "editora",
        "editor limitado", "creador de contenido", "creadora de contenido", "colaborador", "colaboradora", "publicar",
    ),
    R.EDIT: ("edit", "draft", "drafts only", "editar", "borradores"),
    R.COMMENT: (
        "moderator", "live moderator", "comment", "messages and community activity", "moderador", "moderadora",
        "comentar",
    ),
    R.VIEW: (
        "analyst", "viewer", "viewer limited", "view", "view only", "read only", "insights", "analista", "lector",
        "lectora", "solo lectura", "solo ver", "ver",
    ),
}  # fmt: skip
VOCABULARY = {words: role for role, listed in _WORDS.items() for words in listed}


def plain(text: str) -> str:
    """Lower case without accents, signs and doubled spaces: what two spellings of the same words share."""
    spelled = (c for c in normalize("NFKD", text) if not combining(c))
    kept = "".join(c if c.isalnum() else " " for c in "".join(spelled).casefold())
    return " ".join(kept.split())


def role_of(words: str) -> PageRole:
    """The most that the words of a list give, separated by semicolons; ``UNKNOWN`` when none is understood."""
    found = [VOCABULARY[part] for word in words.split(";") if (part := plain(word)) in VOCABULARY]
    order = list(PageRole)
    return max(found, key=order.index, default=PageRole.UNKNOWN)
