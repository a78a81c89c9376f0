"""The rows of a list of accounts: which can go in, and why another can not. Pure.

A row that can not go in says why in a sentence; it is never mended by guessing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from charlton_intranet.sites.rules.addresses import (
    HANDLE_MAX,
    address_key,
    handle_of,
    host_of,
    is_redirect,
    known_network_of,
    normalise,
    page_of,
)
from charlton_intranet.sites.rules.pasted import addresses_in, is_cut, tidy
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
_NAME = re.compile(r"@[\w.-]+")
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
        words = re.split(r"[\s,;/]+", text)
        if len(words) > 1 and all(_NAME.fullmatch(word) for word in words):
            return words
        found = addresses_in(text)
        return found if len(found) > 1 and not is_cut(text) else (text,)

    def _listing(self, text: str, net: Net | None) -> Listing:
        text, net = self._unlabelled(tidy(text), net)
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

    def _unlabelled(self, text: str, net: Net | None) -> tuple[str, Net | None]:
        """A name without what stands before or around it: ``Twitter: @name``, ``/name/``."""
        label, colon, rest = text.partition(":")
        if colon and not rest.startswith("//") and (named := self.networks.named(label)) and net in {None, named}:
            return rest.strip(), named
        return (text if "." in text else text.strip("/ ")), net

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
