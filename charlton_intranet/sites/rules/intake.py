"""What happens to the accounts of a list: which are new, which are there, whose they are. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from charlton_intranet.sites.rules.listings import Listing, Unusable
from charlton_intranet.sites.rules.registry import folded


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
