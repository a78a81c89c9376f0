"""The rows of a list of accounts: which can go in, and why another can not. Pure.

A row that can not go in says why in a sentence; it is never mended by guessing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from charlton_intranet.sites.rules.addresses import (
    HANDLE_MAX,
    address_key,
    addresses_in,
    handle_of,
    host_of,
    is_cut,
    is_redirect,
    known_network_of,
    normalise,
    page_of,
    tidy,
)
from charlton_intranet.sites.rules.registry import (
    ADDRESS_MAX,
    NO_LONGER,
    ON,
    TITLE_MAX,
    Column,
    Net,
    Networks,
    Sheet,
    folded,
    is_nothing,
)

_HANDLE = re.compile(r"[^\s/?#:,;<>\"'()\[\]{}|\\]+")
_WHOLE = re.compile(r"https?://(?!https?:)", re.IGNORECASE)
FACTS, FACT_MAX = 20, 300


@dataclass(frozen=True, slots=True)
class Listing:
    """An account that can go in; ``key`` makes two the same, ``site_key`` is that of its site, if it has one."""

    row: int
    net: Net
    address: str
    handle: str
    department: str
    title: str
    note: str
    facts: dict[str, str]

    @property
    def key(self) -> str:
        return address_key(self.net.slug, self.handle)[:ADDRESS_MAX]

    @property
    def site_key(self) -> str:
        return address_key(self.net.site_slug, self.handle)


@dataclass(frozen=True, slots=True)
class Unusable:
    """A row, or one account of it, that can not go in, with the reason in a sentence."""

    row: int
    reason: str
    cells: tuple[str, ...]


class _Problem(Exception):
    pass


def read_rows(sheet: Sheet, columns: Mapping[int, str], networks: Networks) -> Iterator[Listing | Unusable]:
    """Each account of the list as a listing, or as unusable with the reason. A row may name several accounts."""
    where: dict[str, int] = {role: c for c, role in sorted(columns.items(), reverse=True)}
    on = [(role.removeprefix(ON), c) for c, role in sorted(columns.items()) if role.startswith(ON)]
    for number, cells in sheet.rows:
        if not any(cells) or _is_header(cells, sheet.header):
            continue  # blank, or the header again, as pasted lists have it
        yield from _Row(number, cells, sheet.header, where, on, networks, frozenset(columns)).accounts()


def _is_header(cells: tuple[str, ...], header: tuple[str, ...]) -> bool:
    if not header or folded(cells[0]) != folded(header[0]):
        return False
    return all(not cell or folded(cell) == folded(name) for cell, name in zip(cells, header, strict=False))


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: tuple[str, ...]
    header: tuple[str, ...]
    where: Mapping[str, int]
    on: Sequence[tuple[str, int]]
    networks: Networks
    used: frozenset[int]

    def accounts(self) -> Iterator[Listing | Unusable]:
        try:
            self._check()
        except _Problem as problem:
            yield self._unusable(str(problem))
            return
        found = [*self._in_address(), *self._in_columns()]
        if not found:
            yield self._unusable("There is no address and no account in this row.")
        for text, net in found:
            try:
                yield self._listing(text, net)
            except _Problem as problem:
                yield self._unusable(str(problem))

    def _check(self) -> None:
        if any(cell for cell in self.cells[len(self.header) :]):
            raise _Problem(
                "The row has more cells than the first one: a text with the separator needs “quotation marks”."
            )
        said = self._cell(Column.IN_USE)
        if folded(said) in NO_LONGER:
            raise _Problem(f"The list says that it is not in use (“{_short(said)}”).")

    def _in_address(self) -> list[tuple[str, Net | None]]:
        """The addresses of the row, or its account name, each with the network that the row names."""
        address, account, called = (self._cell(c) for c in (Column.ADDRESS, Column.ACCOUNT, Column.NETWORK))
        net = self.networks.named(called)
        text = address if not is_nothing(address) else account
        if is_nothing(text):
            return []
        if net is None and not is_nothing(called) and "." not in text:
            return [(text, Net(tidy(called), ""))]
        return [(one, net) for one in self._several(text)]

    def _in_columns(self) -> list[tuple[str, Net | None]]:
        """What stands in columns that are named after a network."""
        return [
            (one, self.networks.of(slug))
            for slug, c in self.on
            if c < len(self.cells) and not is_nothing(self.cells[c])
            for one in self._several(self.cells[c])
        ]

    def _several(self, text: str) -> Sequence[str]:
        found = addresses_in(text)
        return found if len(found) > 1 and not is_cut(text) else (text,)

    def _listing(self, text: str, net: Net | None) -> Listing:
        text = tidy(text)
        at, handle = self._address(text, net) if _is_address(text) else self._account(text, net)
        address = text if _is_address(text) else page_of(at.known, handle) if at.known else ""
        if len(address) > ADDRESS_MAX or len(handle) > HANDLE_MAX:
            raise _Problem(
                f"The address is longer than {ADDRESS_MAX} characters. Paste the page's own, without what follows."
            )
        if _is_address(text) and len(found := addresses_in(text)) == 1:
            address = found[0]
        return Listing(
            row=self.number,
            net=at,
            address=address if _WHOLE.match(address) else f"https://{normalise(address) or address}",
            handle=handle,
            department=tidy(self._cell(Column.DEPARTMENT))[:TITLE_MAX],
            title=(tidy(self._cell(Column.TITLE)) or handle)[:TITLE_MAX],
            note=self._cell(Column.NOTE).strip(),
            facts=self._facts(),
        )

    def _address(self, text: str, net: Net | None) -> tuple[Net, str]:
        if is_cut(text):
            raise _Problem(f"Words follow the address, so it can not be told where it ends: “{_short(text)}”.")
        host = host_of(text)
        if not host:
            raise _Problem(f"“{_short(text)}” is no web address.")
        if is_redirect(text):
            raise _Problem(f"“{_short(text)}” only leads on to another page. Paste the page's own address.")
        at = self.networks.at(text)
        if at is None and net and net.known and net.known.federated:
            at = net
        if at is None:
            raise _Problem(
                f"{_short(host)} is no network of the catalogue and none we know. If it is one, propose it first."
            )
        if net and net.slug and net.slug != at.slug:
            raise _Problem(f"The list calls it {net.name}, and the address is one of {at.name}.")
        handle = handle_of(text)
        if not handle:
            raise _Problem(
                f"This address names no account. Paste the address of the page itself, as {at.name} shows it."
            )
        return at, handle

    def _account(self, text: str, net: Net | None) -> tuple[Net, str]:
        if "@" in text[1:] and not text.startswith("@"):
            raise _Problem(f"“{_short(text)}” is an email address. Paste the address of the page.")
        if net is None:
            raise _Problem(f"“{_short(text)}” is no web address, and the row names no network for it.")
        if not net.slug:
            raise _Problem(f"“{_short(net.name)}” is no network that we know. Paste the address of the page.")
        if net.known is None or not net.known.page:
            raise _Problem(f"A name alone does not tell an account of {net.name}. Paste the address of the page.")
        names = [word.lstrip("@") for word in text.split() if word.startswith("@")] or [text.lstrip("@")]
        if len(names) != 1 or not _HANDLE.fullmatch(names[0]):
            raise _Problem(
                f"“{_short(text)}” is no account name: it may not have blanks in it. Paste the page's address."
            )
        handle = handle_of(page_of(net.known, names[0]))
        if not handle:
            raise _Problem(f"“{_short(text)}” is no account name on {net.name}. Paste the address of the page.")
        return net, handle

    def _cell(self, column: Column) -> str:
        c = self.where.get(column.value)
        return self.cells[c] if c is not None and c < len(self.cells) else ""

    def _facts(self) -> dict[str, str]:
        rest = (
            (self.header[c], tidy(cell)) for c, cell in enumerate(self.cells[: len(self.header)]) if c not in self.used
        )
        return {name[:80]: cell[:FACT_MAX] for name, cell in list(rest)[:FACTS] if cell}

    def _unusable(self, reason: str) -> Unusable:
        return Unusable(self.number, reason, self.cells)


def _is_address(text: str) -> bool:
    """Whether a cell means an address rather than a bare name; names may have a dot in them, on some networks."""
    found = addresses_in(text)
    if any("/" in one or one.count("@") == 2 for one in found):
        return True
    return len(found) == 1 and known_network_of(found[0]) is not None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


@dataclass(frozen=True, slots=True)
class Sorted:
    """The accounts of a list by what happens to them; ``known`` ones come with the reason why they change nothing."""

    fresh: list[Listing]
    known: list[tuple[Listing, str]]
    unusable: list[Unusable]

    @property
    def departments(self) -> list[tuple[str, int]]:
        """The departments that the list names, most frequent first, in the spelling it uses most."""
        count = Counter(one.department for one in self.fresh if one.department)
        by_name: dict[str, Counter[str]] = {}
        for name, number in count.items():
            by_name.setdefault(folded(name), Counter())[name] += number
        merged = [(spelled.most_common(1)[0][0], spelled.total()) for spelled in by_name.values()]
        return sorted(merged, key=lambda one: (-one[1], one[0]))

    @property
    def missing_networks(self) -> list[tuple[str, int]]:
        """Networks that are named and not in the catalogue, with how many accounts each has."""
        count = Counter(one.net.name for one in self.fresh if one.net.network_id is None)
        return sorted(count.items(), key=lambda one: (-one[1], one[0]))


def sort_out(read: Iterator[Listing | Unusable], known: Mapping[str, str]) -> Sorted:
    """Tell new accounts from those that are there; ``known`` says by key (listed) or site key why one is."""
    first: dict[str, int] = {}
    found = Sorted([], [], [])
    for one in read:
        if isinstance(one, Unusable):
            found.unusable.append(one)
        elif one.key in first:
            found.known.append((one, f"The same account as in row {first[one.key]}."))
        elif why := known.get(f"listed:{one.key}") or known.get(f"site:{one.site_key}"):
            found.known.append((one, why))
        else:
            first[one.key] = one.row
            found.fresh.append(one)
    return found


def department_match(name: str, departments: Mapping[int, str]) -> int | None:
    """The town's department that a list means by ``name``, when that is plain."""
    common = {
        "department",
        "dept",
        "departamento",
        "departement",
        "de",
        "del",
        "of",
        "the",
        "office",
        "town",
        "charlton",
    }

    def words(text: str) -> frozenset[str]:
        return frozenset(folded(text).split()) - common

    fits = [key for key, own in departments.items() if words(own) and words(own) == words(name)]
    return fits[0] if len(fits) == 1 else None
