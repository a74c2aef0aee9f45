"""A change needs a direction in words: "9.3 percent" alone may be a level, a share or a growth."""

import re
from dataclasses import dataclass, replace

from kg.readers.faults import Unreadable, reasons, refusal
from kg.readers.quantities import Comparator, Quantity, Unit, read_quantity
from kg.readers.words import either, listed, reader


@dataclass(frozen=True, slots=True)
class Change:
    """A signed quantity (a fall is negative), and whether the words compare it with a year before.

    The unit is a percentage, percentage points or money; only the first is a rate of growth.
    """

    quantity: Quantity
    year_on_year: bool


_NOUNS = {
    +1: "increase|rise|growth|growth rate|gain|expansion|jump|surge|climb|uptick",
    -1: "decrease|decline|drop|fall|reduction|contraction|dip|slump|slide",
}
# No bare infinitives: "to rise 5 percent" is a forecast.
_VERBS = {
    +1: "increases|increased|increasing|rises|rose|risen|rising|grows|grew|grown|growing"
    "|climbs|climbed|climbing|jumps|jumped|jumping|expands|expanded|expanding"
    "|surges|surged|surging|soars|soared|soaring|gained|gaining|went up|going up|up",
    -1: "decreases|decreased|decreasing|declines|declined|declining|drops|dropped|dropping"
    "|falls|fell|fallen|falling|shrinks|shrank|shrunk|shrinking|slips|slipped|slipping"
    "|contracts|contracted|contracting|dips|dipped|dipping|slumped|slumping"
    "|plunged|plunging|tumbled|tumbling|went down|going down|down",
}
_COMPARATIVES = {+1: "higher|up", -1: "lower|down"}
_PERCENT_OF = {
    "doubled|doubles|doubling": 100,
    "tripled|triples|tripling|trebled|trebling": 200,
    "quadrupled|quadrupling": 300,
    "halved|halves|halving": -50,
}
MULTIPLES = {word: size for words, size in _PERCENT_OF.items() for word in listed(words)}

_YEAR_ON_YEAR = re.compile(
    r"\b(?:year-on-year|year on year|year-over-year|year over year|yoy|y/y|y-o-y"
    r"|(?:from|than|over|on|compared with|compared to) "
    r"(?:a year earlier|a year ago|a year before|the previous year|the year before"
    r"|the same period (?:last year|of last year|a year earlier|of the previous year)))(?![a-z])"
)
# Stands for the words above in the grammar; `fold` lets no such character in from outside.
_YOY = "†"

_SIGN = {
    word: sign
    for table in (_NOUNS, _VERBS, _COMPARATIVES)
    for sign, words in table.items()
    for word in listed(words)
}
_NOUN = either(listed("|".join(_NOUNS.values())))
_VERB = either(listed("|".join(_VERBS.values())))
_COMPARATIVE = either(listed("|".join(_COMPARATIVES.values())))
_ADJECTIVE = "(?:slight|sharp|steady|significant|rapid|modest|strong|robust|healthy|solid)"
_KIND = rf"(?:{_ADJECTIVE}(?: {_YOY})?|{_YOY})"
_ADVERB = "(?:slightly|sharply|steadily|significantly|rapidly|modestly|strongly)"
_AUXILIARY = "(?:has|have|had|was|were|is|are|has been|have been|had been)"
# Not every comparator: "some doubled" speaks of some who did.
_NEAR = "(?:more than|at least|nearly|almost|about|around|roughly|approximately)"
_ARTICLE = "(?:a|an|the)"

_LED_BY = rf"(?:{_ARTICLE} )?(?:{_YOY} )?"
_BASE = rf"(?: {_YOY})?"
_FORMS = [
    re.compile(form)
    for form in (
        rf"{_LED_BY}(?:{_KIND} )?(?P<word>{_NOUN}){_BASE} (?:of|by) (?P<amount>.+?){_BASE}",
        rf"(?:{_AUXILIARY} )?(?P<word>{_VERB})(?: {_ADVERB})?{_BASE}(?: by)? (?P<amount>.+?){_BASE}",
        rf"{_LED_BY}(?P<amount>.+?){_BASE} (?P<word>{_NOUN}){_BASE}",
        rf"(?:{_AUXILIARY} )?(?P<amount>.+?) (?P<word>{_COMPARATIVE}){_BASE}",
    )
]
_MULTIPLE = re.compile(
    rf"(?:{_AUXILIARY} )?(?:(?P<bound>{_NEAR}) )?(?P<word>{either(MULTIPLES)})(?: {_YOY})?"
)
GRAMMAR = (*_FORMS, _MULTIPLE, _YEAR_ON_YEAR)
_TRAPS = reasons(
    (
        r"fold\b|\btimes\b",
        "It may mean to so many times or by so many times; list it among what is not loaded.",
    ),
    (
        rf"\b(?!up to)(?:{_VERB}|{_NOUN}) (?:{_YOY} )?(?:to|from)\b",
        "It says from or to what level, not by how much; quote the words that state the change.",
    ),
    (
        r"\b(?:month|quarter|week)[ -](?:on|over)[ -]|\bm/m\b|\bq/q\b|previous (?:month|quarter)\b",
        "It compares with another period than the year before; list it among what is not loaded.",
    ),
    (
        r"\b(?:annual|annually|average|cumulative|compound)\b",
        ("It may be a change on the year before or an average of several years; quote words that say which."),
    ),
    (r"\b(?:unchanged|flat|stable|steady)$", "It states no number; list it among what is not loaded."),
    (
        rf"\b(?!up to)(?:{_VERB}|{_NOUN}|{_COMPARATIVE})\b",
        "It has a direction, but no amount that can be read; quote direction and amount alone.",
    ),
)
_OTHERWISE = (
    "It does not say in words that something rose or fell, and by how much; quote a phrase such as "
    "'an increase of 5 percent'."
)
_OPPOSITE = {
    Comparator.MORE_THAN: Comparator.LESS_THAN,
    Comparator.LESS_THAN: Comparator.MORE_THAN,
    Comparator.AT_LEAST: Comparator.AT_MOST,
    Comparator.AT_MOST: Comparator.AT_LEAST,
}


@reader
def read_change(phrase: str) -> Change:
    """A signed change: "doubled" is +100 percent, "fell by more than 3 percent" is below -3.

    >>> change = read_change("a year-on-year increase of 9.3 percent")
    >>> change.quantity.value, change.year_on_year
    (Decimal('9.3'), True)
    >>> read_change("fell by more than 3 percent").quantity.upper
    Decimal('-3')
    """
    text, compared = _YEAR_ON_YEAR.subn(_YOY, phrase)
    amount = _multiple(text) or _moved(text)
    if not amount:
        raise refusal(text, _TRAPS, _OTHERWISE)
    if compared > 1:
        raise Unreadable(phrase, "It says twice with what it compares; quote one comparison.")
    return Change(amount, year_on_year=bool(compared))


def _multiple(text: str) -> Quantity | None:
    multiple = _MULTIPLE.fullmatch(text)
    if not multiple:
        return None
    percent = MULTIPLES[multiple["word"]]
    amount = read_quantity(f"{multiple['bound'] or 'exactly'} {abs(percent)} percent")
    return amount if percent > 0 else _negative(amount)


def _moved(text: str) -> Quantity | None:
    for form in _FORMS:
        if (moved := form.fullmatch(text)) and (amount := _size(moved["amount"])):
            return amount if _SIGN[moved["word"]] > 0 else _negative(amount)
    return None


def _size(text: str) -> Quantity | None:
    """An amount with a unit and no sign of its own; "from 5 to 10 percent" would be two levels."""
    if text.startswith("from "):
        return None
    try:
        amount = read_quantity(text)
    except Unreadable:
        return None
    if amount.unit == Unit.NUM:
        raise Unreadable(text, "The change has no unit; quote it with its percent or its currency.")
    if any(bound is not None and bound <= 0 for bound in (amount.value, amount.lower, amount.upper)):
        raise Unreadable(text, "The words say the direction, so the amount must be above zero.")
    return amount


def _negative(amount: Quantity) -> Quantity:
    value, lower, upper = (
        None if number is None else number.copy_negate()
        for number in (amount.value, amount.lower, amount.upper)
    )
    opposite = _OPPOSITE.get(amount.comparator, amount.comparator)
    return replace(amount, value=value, lower=upper, upper=lower, comparator=opposite)
