"""Articles write the same words in many ways; readers see one: small letters, plain signs."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from kg.readers.faults import Unreadable

P = ParamSpec("P")
T = TypeVar("T")

LONGEST = 200  # characters; the longest phrase in our articles has 45

_PLAIN = str.maketrans(
    dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")  # an em dash ends a phrase: it stays
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
    | dict.fromkeys("\u201c\u201d", '"')
    | {"\uffe5": "¥"}
)
_GAP = re.compile(r"[ \t]*\r?\n[ \t]*|[ \t]+")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_STRANGE = re.compile(r"[^ -~€£¥]")


def plain(text: str) -> str:
    """The text with plain dashes, quotes and spaces, character for character: offsets stay."""
    return text.translate(_PLAIN)


def fold(phrase: str) -> str:
    """The phrase in small letters and plain signs; refused if it is long or not English text.

    Unicode's compatibility forms are not used: they would turn `10²` into 102.
    """
    if len(phrase) > LONGEST:
        raise Unreadable(phrase, f"It is longer than {LONGEST} characters; quote the words alone.")
    stripped = plain(phrase).strip(" \t\r\n")
    if _PARAGRAPH.search(stripped):
        raise Unreadable(phrase, "It runs over the end of a paragraph; quote the words of one.")
    text = _GAP.sub(" ", stripped)
    if strange := _STRANGE.search(text):
        name = unicodedata.name(strange[0], f"U+{ord(strange[0]):04X}")
        raise Unreadable(phrase, f"It holds the character {name}; quote English letters and digits alone.")
    if not text:
        raise Unreadable(phrase, "It is empty; quote the words that state the value.")
    return text.lower()


def reader(read: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
    """Make a grammar of folded text a reader, whose refusals name the phrase as it was given."""

    @wraps(read)
    def whole(phrase: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(fold(phrase), *args, **kwargs)
        except Unreadable as fault:
            raise Unreadable(phrase, fault.why) from None

    return whole


def listed(words: str) -> list[str]:
    """The words or phrases of a table, which has a bar between them."""
    return words.split("|")


def either(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first, so that none hides another."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
