"""Reading a list of accounts that somebody kept in a spreadsheet: what it is made of, and which column is what. Pure.

Such lists were made by many hands in several languages: nothing is expected of their headers, order or neatness.
"""

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import auto
from functools import lru_cache

from charlton_intranet.sites.rules.addresses import (
    handle_of,
    host_of,
    known_network_named,
    known_network_of,
    slug_of,
)
from charlton_intranet.sites.rules.known_networks import KNOWN_NETWORKS, KnownNetwork
from charlton_intranet.sites.rules.pasted import addresses_in, tidy
from charlton_intranet.sites.rules.states import Worded

ADDRESS_MAX, TITLE_MAX = 500, 150
SAMPLE = 300
HEADER_WITHIN = 10


class ListedState(Worded):
    """A listed account waits until its department asks for it, or until it is struck off."""

    LISTED = auto()
    ASKED = auto()
    STRUCK = auto()


class ImportState(Worded):
    """A file is looked at first; its rows go in with a second press, or it is put away."""

    PREVIEWED = auto()
    DONE = auto()
    DROPPED = auto()


class Column(Worded):
    """What a column of the list holds. One that is nothing of this is kept with the account as a further fact."""

    ADDRESS = auto()
    NETWORK = auto()
    ACCOUNT = auto()
    DEPARTMENT = auto()
    TITLE = auto()
    NOTE = auto()
    IN_USE = auto()


# Header words in English, Spanish, French, Portuguese and German, folded; the first that fits wins.
HEADER_WORDS: dict[Column, tuple[str, ...]] = {
    Column.ADDRESS: (
        "account url", "profile url", "page url", "url", "link", "web address", "address", "enlace", "liga", "vinculo",
        "direccion web", "direccion", "lien", "adresse", "ligacao", "endereco", "href", "permalink", "webadresse",
    ),
    Column.NETWORK: (
        "network", "platform", "social network", "service", "site type", "channel", "medium", "red social", "red",
        "plataforma", "canal", "reseau", "reseau social", "plateforme", "rede", "rede social", "netzwerk", "plattform",
    ),
    Column.ACCOUNT: (
        "account", "handle", "account name", "username", "user name", "screen name", "profile", "user", "cuenta",
        "nombre de usuario", "usuario", "perfil", "compte", "identifiant", "nom d utilisateur", "conta",
        "nome de usuario", "utilizador", "konto", "benutzername",
    ),
    Column.DEPARTMENT: (
        "department", "dept", "agency", "office", "division", "departamento", "oficina", "dependencia", "agencia",
        "ministere", "ministerio",
        "departement", "bureau", "direction", "secretaria", "orgao", "reparticao", "abteilung", "organization",
        "organisation", "organizacion", "organizacao",
    ),
    Column.TITLE: (
        "title", "name", "page name", "display name", "organization", "organisation", "titulo", "nombre",
        "nombre de la pagina", "titre", "nom", "nome", "titel", "organizacion", "organizacao",
    ),
    Column.NOTE: (
        "note", "notes", "comment", "comments", "remarks", "nota", "notas", "observaciones", "comentarios", "remarque",
        "remarques", "observacoes", "bemerkung",
    ),
    Column.IN_USE: (
        "in use", "active", "is active", "status", "still used", "open", "en uso", "activa", "activo", "vigente",
        "estado", "actif", "active ?", "en service", "em uso", "ativo", "ativa", "aktiv",
    ),
}  # fmt: skip
_NOTHING = frozenset(
    {
        "", "-", "--", "---", "?", "aucun", "aucune", "does not exist", "kein", "keine", "n/a", "n/d", "na", "nao",
        "nao tem", "neant", "nenhum", "nenhuma", "nil", "ninguna", "ninguno", "no", "no account", "no existe",
        "no tiene",        "none", "not applicable", "null", "pendiente", "pending", "sin cuenta", "tbd",
    }
)  # fmt: skip
_YES = frozenset({"1", "ja", "oui", "s", "si", "sim", "t", "true", "x", "y", "yes", "✓"})
NO_LONGER = frozenset(
    {
        "0", "closed", "cerrada", "cerrado", "clausurada", "deactivated", "deleted", "desactivada", "desactivado",
        "desativada", "desativado", "eliminada", "eliminado", "encerrada", "encerrado", "f", "false", "falso", "faux",
        "ferme", "fermee", "inactif", "inactiva", "inactive", "inactivo", "inativa", "inativo", "n", "nao", "nein",
        "no",        "non", "retired", "suprimido",
    }
)  # fmt: skip
ON = "on:"


@lru_cache(maxsize=4096)  # the same words stand in row after row
def folded(text: str) -> str:
    """Words for comparison: without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", tidy(text).casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


@lru_cache(maxsize=4096)
def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing: blank, a dash, “n/a”, “ninguna”."""
    plain = unicodedata.normalize("NFKD", tidy(text).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).strip(" .") in _NOTHING


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A network of the town's catalogue as the reader of a list needs it."""

    id: int
    name: str
    slug: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Net:
    """A network that a row names. ``slug`` holds whatever the catalogue calls it, ``site_slug`` is the catalogue's."""

    name: str
    slug: str
    network_id: int | None = None
    site_slug: str = ""
    known: KnownNetwork | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it was read: the names of its columns, and its rows with their numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass
class Networks:
    """The catalogue's networks, and those we know besides, by host and by name."""

    catalogue: Sequence[CatalogueEntry]
    _by_host: dict[str, Net | None] = field(default_factory=dict)

    def at(self, address: str) -> Net | None:
        """The network on whose hosts an address lies."""
        host = host_of(address)
        if host not in self._by_host:
            self._by_host[host] = self._on(host)
        found = self._by_host[host]
        if found is None and (known := known_network_of(address)):
            return self._net(known)  # a feed is one by its path, so it is not remembered by host
        return found

    def named(self, name: str) -> Net | None:
        """The network that a list calls by this name."""
        if is_nothing(name):
            return None
        entry = next((e for e in self.catalogue if folded(e.name) == folded(name)), None)
        if entry:
            return self._entry_net(entry)
        known = known_network_named(name)
        return self._net(known) if known else None

    def of(self, slug: str) -> Net | None:
        """The network that we know under this key."""
        known = next((known for known in KNOWN_NETWORKS if slug_of(known.name) == slug), None)
        return self._net(known) if known else None

    def _on(self, host: str) -> Net | None:
        known = known_network_of(host)
        for entry in self.catalogue:
            if any(host == its or host.endswith("." + its) for its in entry.hosts):
                return self._entry_net(entry, known)
        return self._net(known) if known else None

    def _net(self, known: KnownNetwork) -> Net:
        for entry in self.catalogue:
            if set(known.hosts) & set(entry.hosts) or folded(entry.name) == folded(known.name):
                return self._entry_net(entry, known)
        return Net(known.name, slug_of(known.name), known=known)

    def _entry_net(self, entry: CatalogueEntry, known: KnownNetwork | None = None) -> Net:
        known = known or next((k for k in KNOWN_NETWORKS if set(k.hosts) & set(entry.hosts)), None)
        return Net(entry.name, slug_of(known.name) if known else entry.slug, entry.id, entry.slug, known)


def sheet_of(lines: Sequence[tuple[int, tuple[str, ...]]], networks: Networks) -> Sheet:
    """Find the header: the first row of the beginning that reads like one, below any title; a list may have none."""
    best, at = 0, 0
    for index, (_number, cells) in enumerate(lines[:HEADER_WITHIN]):
        if any(_names_account(cell, networks) for cell in cells):
            break
        score = sum(1 for cell in cells if cell and _header_word(cell))
        if score > best:
            best, at = score, index
    first = lines[at][1]
    if not best and any(_names_account(cell, networks) for cell in first):
        width = max(len(cells) for _number, cells in lines[:SAMPLE])
        return Sheet(tuple(f"Column {number}" for number in range(1, width + 1)), tuple(lines))
    header = tuple(tidy(name) or f"Column {number}" for number, name in enumerate(first, start=1))
    return Sheet(header, tuple(lines[at + 1 :]))


def _header_word(cell: str) -> bool:
    name = folded(cell)
    return any(name in words for words in HEADER_WORDS.values()) or known_network_named(cell) is not None


def _names_account(cell: str, networks: Networks) -> bool:
    if "." not in cell or cell.startswith("@"):
        return False
    return any(networks.at(one) is not None and handle_of(one) for one in addresses_in(cell))


def guess_columns(sheet: Sheet, networks: Networks, departments: Collection[str]) -> dict[int, str]:
    """What each column probably is, by its values first and by its name then; the person who imports may change it."""
    sample = [cells for _number, cells in sheet.rows[:SAMPLE]]
    columns = range(len(sheet.header))
    values = {c: [row[c] for row in sample if c < len(row) and not is_nothing(row[c])] for c in columns}
    chosen: dict[int, str] = {}
    for c in columns:
        network = known_network_named(sheet.header[c])
        if network and network.page and values[c] and _share(values[c], lambda cell: _like_account(cell, networks)):
            chosen[c] = ON + slug_of(network.name)
    addresses = {c: _share(values[c], lambda cell: _names_account(cell, networks)) for c in columns if c not in chosen}
    _choose(chosen, Column.ADDRESS, {c: share for c, share in addresses.items() if share > 0.2})
    free = [c for c in columns if c not in chosen and not _is_other(sheet.header[c], Column.NETWORK)]
    named = {c: _share(values[c], lambda cell: networks.named(cell) is not None) for c in free}
    _choose(chosen, Column.NETWORK, {c: share for c, share in named.items() if share > 0.5})
    town = {folded(name) for name in departments}
    own = {c: _share(values[c], lambda cell: folded(cell) in town) for c in columns if c not in chosen}
    _choose(chosen, Column.DEPARTMENT, {c: share for c, share in own.items() if share > 0.5})
    single = {
        c for c in columns if _share(values[c], lambda cell: " " not in cell and _like_account(cell, networks)) > 0.5
    }
    for column in list(Column)[1:]:
        if column not in chosen.values():
            fits = {c: _fit(sheet.header[c], column) for c in columns if c not in chosen}
            may = (set() if _wide(chosen) else single) if column is Column.ACCOUNT else fits.keys()
            _choose(chosen, column, {c: fit for c, fit in fits.items() if fit and c in may})
    named_so = {Column.NETWORK.value, Column.ACCOUNT.value} <= set(chosen.values())
    if Column.ADDRESS not in chosen.values() and not named_so and not _wide(chosen):
        _choose(
            chosen,
            Column.ADDRESS,
            {c: f for c in columns if c not in chosen and (f := _fit(sheet.header[c], Column.ADDRESS))},
        )
    return chosen


def _is_other(name: str, column: Column) -> bool:
    """Whether a column is plainly named after something else than ``column``."""
    return any(folded(name) in words for other, words in HEADER_WORDS.items() if other is not column)


def _wide(chosen: Mapping[int, str]) -> bool:
    return any(role.startswith(ON) for role in chosen.values())


def _choose(chosen: dict[int, str], column: Column, scores: Mapping[int, float]) -> None:
    if scores:
        chosen[max(scores, key=lambda c: (scores[c], -c))] = column.value


def _share(values: Sequence[str], is_one: Callable[[str], bool]) -> float:
    return sum(1 for value in values if is_one(value)) / len(values) if values else 0


def _fit(name: str, column: Column) -> float:
    """How well a column's name fits: as a whole, or by its words; earlier words of the table fit better."""
    plain, words = folded(name), HEADER_WORDS[column]
    if plain in words:
        return 2 - words.index(plain) / 100
    inside = [at for at, word in enumerate(words) if len(word) > 3 and f" {word} " in f" {plain} "]
    return 1 - inside[0] / 100 if inside else 0


def _like_account(cell: str, networks: Networks) -> bool:
    """Whether a cell below a network's name tells an account, and not whether there is one, or how many follow it."""
    if _names_account(cell, networks):
        return True
    figures = cell.replace(",", "").replace(".", "")
    return not is_nothing(cell) and folded(cell) not in _YES and not (figures.isdecimal() and len(figures) < 9)
