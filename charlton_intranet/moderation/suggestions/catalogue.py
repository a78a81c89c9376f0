"""The rules, each with its name, its words for people, and where it comes from."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from itertools import chain

from charlton_intranet.moderation.suggestions import offers, people, personal, plain, profanity
from charlton_intranet.moderation.suggestions.phrases import Phrases
from charlton_intranet.moderation.suggestions.reading import Reading, Span

Find = Callable[[Reading], Iterable[Span]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One helper. ``letters`` are categories of policy 3.6-3; none for a neutral mark. Settings keep its ``name``."""

    name: str
    letters: tuple[str, ...]
    label: str
    why: str
    source: str
    find: Find


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words from ``start`` to ``end`` of a text that may matter, by one rule."""

    rule: Rule
    start: int
    end: int

    @property
    def letters(self) -> tuple[str, ...]:
        return self.rule.letters

    @property
    def why(self) -> str:
        return self.rule.why


def _any_of(phrases: tuple[Phrases, ...]) -> Find:
    return lambda reading: chain.from_iterable(one.find(reading) for one in phrases)


# The text alone does not tell it: the cases around it do, in ``queries.suggestions``.
REPEATED = Rule(
    "repeated", (), "Repeated words", "the same words stand elsewhere on this site",
    "The app's own rule: the same text in another case of the site within seven days", lambda _reading: (),
)  # fmt: skip
RULES: tuple[Rule, ...] = (
    Rule(
        "profanity", ("A",), "Profane words", "a profane word, as it is or disguised",
        "The app's own list of words; no insults, no political words, no names of groups", profanity.find,
    ),
    Rule(
        "aimed_slur", ("B",), "Slurs aimed at people", "a slur aimed at somebody",
        "The app's own list of slurs, in sentences that aim them", _any_of(people.AIMED_SLUR),
    ),
    Rule(
        "contempt", ("B",), "Contempt for a whole group", "denies a protected class its worth",
        "Protected classes of M.G.L. c. 151B and c. 272 § 98, with the app's own patterns",
        _any_of(people.CONTEMPT_FOR_A_GROUP),
    ),
    Rule(
        "group_violence", ("B", "E", "J"), "Violence against a group", "calls for violence against a protected class",
        "Protected classes of M.G.L. c. 151B and c. 272 § 98, with the app's own patterns",
        _any_of(people.VIOLENCE_TO_A_GROUP),
    ),
    Rule(
        "sexual", ("C",), "Sexual harassment", "explicit words about or to a person",
        "M.G.L. c. 151B § 1(18), with the app's own patterns", _any_of(people.SEXUAL),
    ),
    Rule(
        "advertising", ("D",), "Advertising", "offers something or asks for customers",
        "The app's own patterns of advertising; campaigns and causes are none", _any_of(offers.ADVERTISING),
    ),
    Rule(
        "number_to_call", ("D", "E"), "Numbers to call or text", "asks to call or text, as advertising and fraud do",
        "The app's own patterns of mass messages", _any_of(offers.NUMBER_TO_CALL),
    ),
    Rule(
        "unlawful_offer", ("E",), "Unlawful offers and calls", "offers something unlawful or calls for a crime",
        "The app's own patterns", _any_of(offers.UNLAWFUL_OFFER),
    ),
    Rule(
        "lure", ("E", "F"), "Lures of fraud", "asks for a click, a call or a password as fraud does",
        "Federal Trade Commission, how to recognize phishing; the app's own patterns", _any_of(offers.LURE),
    ),
    Rule(
        "program_link",
        ("F",),
        "Links to programs",
        "leads to a program, or to a number instead of a name, as malicious links do",
        "The app's own pattern; how malicious links look to mail filters",
        plain.programs,
    ),
    Rule(
        "access_code", ("F",), "Passwords and codes", "a password or the code of an alarm, a door or a gate",
        "The app's own patterns", personal.access_codes,
    ),
    Rule(
        "street_address", ("F", "K"), "Street addresses", "a street address: whose is it, and what may follow?",
        "The app's own pattern of a house number with a street", personal.street_addresses,
    ),
    Rule(
        "threat", ("J",), "Threats", "says what the writer will do to somebody",
        "Counterman v. Colorado, 600 U.S. 66 (2023), on true threats; the app's own patterns", _any_of(people.THREAT),
    ),
    Rule(
        "call_to_violence", ("E", "J"), "Calls to violence", "calls on others to hurt somebody or destroy something",
        "Brandenburg v. Ohio, 395 U.S. 444 (1969), on incitement; the app's own patterns",
        _any_of(people.CALL_TO_VIOLENCE),
    ),
    Rule(
        "wish_of_death", ("J",), "Wishes of death", "wishes somebody dead or hurt; mostly no threat in law",
        "Counterman v. Colorado, 600 U.S. 66 (2023), on true threats; the app's own patterns",
        _any_of(people.WISH_OF_DEATH),
    ),
    Rule(
        "social_security", ("K",), "Social security numbers", "a number that may be a social security number",
        "Social Security Administration, POMS RM 10201.035: numbers that can be given",
        personal.social_security_numbers,
    ),
    Rule(
        "card", ("K",), "Payment cards", "a number with the check digit of a payment card",
        "ISO/IEC 7812-1, annex B", personal.card_numbers,
    ),
    Rule(
        "account", ("K",), "Account and document numbers", "the number of an account or a document",
        "ISO 13616 for an IBAN; otherwise the words before the number", personal.account_numbers,
    ),
    Rule(
        "phone", ("K",), "Telephone numbers", "a telephone number: whose is it?",
        "North American Numbering Plan; ITU-T E.164", personal.phone_numbers,
    ),
    Rule(
        "email", ("K",), "Mail addresses", "a mail address: whose is it?", "RFC 5322, as far as people use it",
        personal.email_addresses,
    ),
    Rule(
        "link", (), "Links", "a link: see where it leads before you decide", "RFC 3986, as people write it",
        plain.links,
    ),
    Rule(
        "shouting", (), "Shouting", "written in capitals; no ground for anything by itself",
        "The app's own rule: four words or more, nearly all capitals", plain.shouting,
    ),
    REPEATED,
)  # fmt: skip
NAMES = tuple(rule.name for rule in RULES)


def suggest(text: str, without: Container[str] = ()) -> tuple[Suggestion, ...]:
    """What the rules point at, in the order of the text; ``without`` names rules that are turned off.

    The order says nothing about weight, and nothing is counted: it is for a person to read.
    """
    reading = Reading(text)
    found = {
        (start, end, number): Suggestion(rule, start, end)
        for number, rule in enumerate(RULES)
        if rule.name not in without
        for start, end in rule.find(reading)
    }
    return tuple(found[key] for key in sorted(found))
