"""How words are compared in the search index: the build writes it by these rules, the server asks by them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Final

FILE: Final = "search.sqlite"
"""The index in a snapshot."""
FORMAT: Final = 1
"""The version of the index: another one has other rules here, or other tables."""


def fold(text: str) -> str:
    r"""Return a text without what does not tell words apart: case, width, accents, invisible characters.

    >>> fold("Ｈāěrbīn & ﬁnance"), fold("Har\u202ebin")
    ('haerbin & finance', 'harbin')
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFC", _NEEDLESS.sub("", unicodedata.normalize("NFKD", folded)))


def pieces(text: str) -> Iterator[re.Match[str]]:
    """Yield the words, numbers and runs of Chinese characters of a text, each with its place."""
    return _PIECE.finditer(text)


def key(text: str) -> str:
    """Return the letters of a name alone, so that spaces, hyphens and quotes tell no two names apart.

    >>> key("Harbin’s “4+4” system"), key("e-commerce") == key("E commerce")
    ('harbins4+4system', True)
    """
    return _INNER.sub("", "".join(_PIECE.findall(fold(text))))


def words(text: str) -> list[str]:
    """Return the words to find a text by; Chinese, which has no spaces, by each character and pair.

    >>> words("Two industries: 7,030 enterprises")
    ['two', 'industry', '7030', 'enterprise']
    >>> words("哈尔滨")
    ['哈', '尔', '滨', '哈尔', '尔滨']
    """
    folded = fold(text)
    if folded.isascii():  # nothing in it is Chinese
        return [_singular(_INNER.sub("", piece)) for piece in _PIECE.findall(folded)]
    return [word for piece in pieces(folded) for word in (*_characters(piece), *_asked(piece))]


def asked(text: str) -> list[str]:
    """Return the words that a text has to have where another asks for it: of Chinese the pairs alone.

    >>> asked("哈尔滨 finance")
    ['哈尔', '尔滨', 'finance']
    """
    return [word for piece in pieces(fold(text)) for word in _asked(piece)]


def is_chinese(text: str) -> bool:
    """Tell whether there is a Chinese (or Japanese) character in a text.

    >>> is_chinese("“4+4”新体系"), is_chinese("Harbin")
    (True, False)
    """
    return _HAN.search(text) is not None


def chinese(text: str) -> list[str]:
    """Cut a text into what is Chinese and what is not: every second part is.

    >>> chinese("“4+4”现代产业")
    ['“4+4”', '现代产业', '']
    """
    return _HAN.split(text)


def slips(word: str) -> int:
    """Return how many slips of the pen a word may have; numbers have none, or 2020 would find 2021.

    >>> [slips(each) for each in ("tax", "bank", "harbin", "2020", "金融")]
    [0, 1, 2, 0, 0]
    """
    if not word.isalpha() or is_chinese(word) or len(word) < 4:
        return 0
    return 1 if len(word) < 6 else 2


def remains(word: str, most: int) -> set[str]:
    """Return what may remain of the start of a word when letters are left out, ``most`` of them or fewer.

    Two words that so many slips lead from one to the other have a remainder in common (symmetric deletion,
    as in SymSpell), so that the words to compare are found without looking at the others.

    >>> remains("bank", 1) & remains("bnak", 1) == {"bak", "bnk"}
    True
    """
    start = word[:_START]
    kept = range(max(len(start) - most, 1), len(start) + 1)
    return {"".join(letters) for length in kept for letters in combinations(start, length)}


_START: Final = 7
_APOSTROPHES: Final = "'’ʼ"
_CHARACTERS: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_HAN: Final = re.compile(f"([{_CHARACTERS}]+)")
_LETTER: Final = rf"(?![{_CHARACTERS}])[^\W_]"
_PIECE: Final = re.compile(
    rf"[{_CHARACTERS}]+"
    rf"|\d++(?:[.,+]\d++)*+(?!(?!\d){_LETTER})"
    rf"|(?:{_LETTER})+(?:[{_APOSTROPHES}](?:{_LETTER})+)*"
)
_INNER: Final = re.compile(f"[,{_APOSTROPHES}]")
_NEEDLESS: Final = re.compile(
    "[\u0300-\u036f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
"""Accents, soft hyphens, joiners, and what turns the direction of a text."""


def _characters(piece: re.Match[str]) -> Iterator[str]:
    if len(piece[0]) > 1 and is_chinese(piece[0]):
        yield from piece[0]


def _asked(piece: re.Match[str]) -> Iterator[str]:
    text = piece[0]
    if not is_chinese(text):
        yield _singular(_INNER.sub("", text))
    elif len(text) == 1:
        yield text
    else:
        yield from map("".join, pairwise(text))


def _singular(word: str) -> str:
    """Return an English word without the ending of its plural (Harman's S stemmer).

    >>> [_singular(each) for each in ("industries", "enterprises", "status", "process", "harbins")]
    ['industry', 'enterprise', 'status', 'process', 'harbin']
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return f"{word[:-3]}y"
    return word[:-1]
