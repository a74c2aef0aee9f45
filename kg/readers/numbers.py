"""Numbers as English news writes them: in digits, in words, and in digits with a word of scale.

The library text2num knows what number words are worth. It is lenient about their order (it reads
"thousands" as 1000, "million" as 1000000, "two million three billion" as a number), so a grammar
admits only well-formed words to it.
"""

import re
from decimal import Decimal

from text_to_num import alpha2digit, text2num

from kg.readers.faults import reasons, refusal
from kg.readers.words import either, listed, reader

SCALES = {
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "mn": 6,
    "mln": 6,
    "billion": 9,
    "bn": 9,
    "bln": 9,
    "trillion": 12,
    "tn": 12,
    "trn": 12,
}
ONES = listed("one|two|three|four|five|six|seven|eight|nine")
TEENS = listed("ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen")
TENS = listed("twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety")

_BELOW_100 = rf"(?:{either(TENS)}(?:[ -]{either(ONES)})?|{either(TEENS)}|{either(ONES)})"
_BELOW_1000 = rf"(?:{_BELOW_100}[ -]hundred(?:(?: and)? {_BELOW_100})?|{_BELOW_100})"
_THEN = r"(?:(?: and)? |$)"
_DIGITS = r"(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.[0-9]+)?"
_SPELLED = "zero|(?=.)" + "".join(
    [rf"(?:{_BELOW_1000} {scale}{_THEN})?" for scale in ("billion", "million", "thousand")]
    + [rf"(?:{_BELOW_1000})?(?<! )"]
)
_SCALE = either(SCALES)

DIGITS = re.compile(_DIGITS)
SPELLED = re.compile(_SPELLED)
SCALED = re.compile(rf"(?P<count>{_DIGITS}|{_BELOW_1000}(?![ -]hundred))[ -]?(?P<scale>{_SCALE})")
AND_A_HALF = re.compile(rf"(?P<count>{_BELOW_1000}) and a half(?: (?P<scale>{_SCALE}))?")
HALF_OF = re.compile(rf"half an? (?P<scale>{_SCALE})")
SINGULAR = re.compile(rf"a (?={_SCALE}\b)")
HAS_SCALE = re.compile(rf"(?:\b|[0-9]){_SCALE}\b")
GRAMMAR = (SPELLED, SCALED, AND_A_HALF, HALF_OF)
ORDINAL_WORDS = re.compile(rf"(?:{either(TENS)}[ -])?[a-z]+|[0-9]+[a-z]+")
ORDINAL = re.compile(r"(?P<count>[1-9][0-9]*)(?P<ending>st|nd|rd|th)")

_TRAPS = reasons(
    (r"[0-9] [0-9]", "A space between digits may part two numbers; quote one number alone."),
    (
        r"[0-9][.,](?:[^0-9]|$)|(?:^|[^0-9])[.,][0-9]|[0-9],[0-9]|[0-9]\.[0-9]+\.|(?:^|[^0-9])0[0-9]",
        ("Its separators do not make an English number such as 1,234,567.89; check it against the article."),
    ),
    (
        r"[0-9] ?[mkbt]$",
        (
            "One letter can mean several things (m: metre, month, million); quote a number with its "
            "scale in full."
        ),
    ),
    (
        r"\b(?:dozens?|score|couple|few|several|(?:hundred|thousand|million|billion|trillion)s)\b",
        "It is a rough amount, not a number; list it among what is not loaded.",
    ),
    (
        r"\b(?:half|halves|quarters?|(?:third|fourth|fifth|sixth|tenth)s?)\b",
        "A fraction of something is no number by itself; list it among what is not loaded.",
    ),
)
_OTHERWISE = (
    "It is not a number in digits (1,200.5), in words (two hundred and five) or with a scale "
    "(1.5 million); quote the number alone."
)


@reader
def read_number(phrase: str) -> Decimal:
    """The exact number, in normal form (no exponent, no trailing zero); billion is 10⁹.

    >>> read_number("12.93 billion")
    Decimal('12930000000')
    >>> read_number("two hundred and five")
    Decimal('205')
    """
    unsigned = re.sub("^(?:minus |-)", "", phrase)
    return _magnitude(unsigned) if unsigned == phrase else _magnitude(unsigned).copy_negate()


def read_ordinal(phrase: str) -> int | None:
    """The place in a row that "third", "twenty-first" or "5th" names; None for other words."""
    if not ORDINAL_WORDS.fullmatch(phrase):
        return None
    ordinal = ORDINAL.fullmatch(alpha2digit(phrase, "en", threshold=0))
    if not ordinal or ordinal["ending"] != _ending(ordinal["count"]):
        return None
    return int(ordinal["count"])


def _magnitude(text: str) -> Decimal:
    text = SINGULAR.sub("one ", text) if SINGULAR.match(text) else text
    if DIGITS.fullmatch(text):
        return _exact(text)
    if SPELLED.fullmatch(text):
        return Decimal(text2num(text, "en"))
    if scaled := SCALED.fullmatch(text):
        return _exact(_digits(scaled["count"]), scaled["scale"])
    if mixed := AND_A_HALF.fullmatch(text):
        return _exact(_digits(mixed["count"]) + ".5", mixed["scale"])
    if half := HALF_OF.fullmatch(text):
        return _exact("0.5", half["scale"])
    raise refusal(text, _TRAPS, _OTHERWISE)


def _digits(count: str) -> str:
    return count if DIGITS.fullmatch(count) else str(text2num(count, "en"))


def _exact(digits: str, scale: str | None = None) -> Decimal:
    """Shift in text: Decimal's own arithmetic would round after 28 digits."""
    number = Decimal(f"{digits.replace(',', '')}e{SCALES[scale] if scale else 0}")
    plain = f"{number:f}"
    return Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain)


def _ending(count: str) -> str:
    if count[-2:] in {"11", "12", "13"}:
        return "th"
    return {"1": "st", "2": "nd", "3": "rd"}.get(count[-1], "th")
