"""F and K: numbers and addresses that belong to somebody, each by the rules of its numbering, and keys to systems.

Sources: Social Security Administration, POMS RM 10201.035 (which numbers are never given); ISO/IEC 7812-1 (check digit
of cards); ISO 13616 (check digits of an IBAN); North American Numbering Plan, ITU-T E.164 (telephone numbers).
"""

import re
from collections.abc import Iterator

from charlton_intranet.moderation.suggestions.reading import Reading, Span

_SSN = re.compile(r"(?<![\w-])(\d{3})([- ])(\d{2})\2(\d{4})(?![\w-])")
_BARE_SSN = re.compile(r"\b(?:ssn|social security(?: number)?|social)\W{1,5}(?:is |number |no |# ?){0,2}(\d{9})\b")
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}(?!\w)")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+1[ .-]?|1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?:x\d{1,5})?(?![\w-])"
    r"|(?<!\w)\+[1-9]\d{0,2}(?:[ .-]?\(?\d{1,4}\)?){2,5}(?![\w-])"
    r"|(?<![\w.+-])00[1-9]\d{0,2}[ -]\d(?:[ -]?\d){6,12}(?![\w-])"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?!\w)")
_STREET = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|circle|cir|boulevard|blvd|way|place|pl|terrace|ter|"
    "parkway|pkwy|highway|hwy|turnpike"
)
_ADDRESS = re.compile(rf"(?<![\w.,$/-])\d{{1,5}}[a-z]? (?:[NSEW]\.? )?(?:[A-Z][\w'.]* ){{1,3}}(?i:{_STREET})\b\.?")
_LABELLED = re.compile(
    r"\b(?:account|acct|passport|licen[cs]e|routing|policy|medicare|medicaid|medical record|mrn|patient id|tax id|"
    r"driver'?s licen[cs]e|bank account|iban|swift|bic|crypto wallet|bitcoin address)(?: (?:number|no|num|id|code))?"
    r"(?: (?:is|was))?[ :.#]{1,4}([a-z]{0,4}\d[a-z0-9-]{4,24})\b"
)
_LABELLED_CARD = re.compile(r"\bcard(?: (?:number|no|num))?(?: is)?[ :.#]{1,4}(\d(?:[ -]?\d){11,18})(?![\w-])")
_LABELLED_PHONE = re.compile(
    r"\b(?:phone|tel|telephone|mobile|cell|call me at|reach me at)(?: (?:number|no))?(?: is)?[ :.#]{1,4}"
    r"([+(]?\d[\d ().-]{5,20}\d)"
)
_LABELLED_ADDRESS = re.compile(
    r"\b(?:home |his |her |their |my |your )address(?: is| was)?[ :]{1,3}((?=[^\n]{0,60}\d)[^\n.?!]{5,80})"
    r"|\b(?:he|she|they) lives? at (\d[^\n.?!]{5,80})"
)
_KEY = re.compile(
    r"\b(?:(?:alarm|door|gate|garage|entry|access|security|lock|vault|safe)[ -]?code|password|passcode|passwd|"
    r"pin(?: code)?|combination|wi-?fi password|admin login)(?: (?:for|to|of|at) (?:the )?[\w' ]{1,40}?)?"
    r"(?: is| was|:| =|=)+[ \"']{1,2}(?=[\w!@#$%^&*-]*[\d!@#$%^&*])[\w!@#$%^&*-]{4,40}"
)


def _in_numbers(reading: Reading, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Finds of ``pattern`` where many digits stand together; one character more shows where the number ends."""
    for start, end in reading.numbers:
        yield from pattern.finditer(reading.folded, start, end + 1)


def social_security_numbers(reading: Reading) -> Iterator[Span]:
    """Written with their two hyphens or spaces, or named as such; never one that is not given to anybody."""
    for found in _in_numbers(reading, _SSN):
        if _is_given(found[1] + found[3] + found[4]):
            yield found.span()
    if "ssn" in reading.folded or "social" in reading.folded:
        for found in _BARE_SSN.finditer(reading.folded):
            if _is_given(found[1]):
                yield found.span(1)


def _is_given(digits: str) -> bool:
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def card_numbers(reading: Reading) -> Iterator[Span]:
    """13 to 19 digits of an issuer of payment cards with the right check digit, or 12 that are called a card."""
    for found in _in_numbers(reading, _CARD):
        digits = re.sub(r"\D", "", found[0])
        if digits[0] in "23456" and len(set(digits)) > 1 and luhn(digits):
            yield found.span()
    for found in _LABELLED_CARD.finditer(reading.folded):
        if luhn(re.sub(r"\D", "", found[1])):
            yield found.span(1)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: from the right, every second digit doubled."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def account_numbers(reading: Reading) -> Iterator[Span]:
    """An IBAN with right check digits, or a number that its own words name."""
    for found in _IBAN.finditer(reading.text):
        compact = found[0].replace(" ", "")
        if (
            15 <= len(compact) <= 34
            and int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1
        ):
            yield found.span()
    for found in _LABELLED.finditer(reading.folded):
        yield found.span(1)


def phone_numbers(reading: Reading) -> Iterator[Span]:
    """Telephone numbers as they are written here, or with the code of another country."""
    for found in _in_numbers(reading, _PHONE):
        if 10 <= sum(char.isdigit() for char in found[0]) <= 20:
            yield found.span()
    for found in _LABELLED_PHONE.finditer(reading.folded):
        yield found.span(1)


def email_addresses(reading: Reading) -> Iterator[Span]:
    """Electronic mail addresses."""
    if "@" in reading.folded:
        for found in _EMAIL.finditer(reading.folded):
            yield found.span()


def street_addresses(reading: Reading) -> Iterator[Span]:
    """A house number with the name of a street."""
    for found in _ADDRESS.finditer(reading.text):
        yield found.span()
    if "address" in reading.folded or " live" in reading.folded:
        for found in _LABELLED_ADDRESS.finditer(reading.folded):
            yield found.span(found.lastindex or 0)


def access_codes(reading: Reading) -> Iterator[Span]:
    """A password, or the code of an alarm, a door or a gate."""
    for found in _KEY.finditer(reading.folded):
        yield found.span()
