"""The language of a page: which one the reader wants, and how it says messages and dates.

Messages are written in English where they are used; ``server/locale/`` holds the others (gettext's ``.po``).
What a source says stays in the source's own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po

from server import errors

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the pages speak: its tag (RFC 5646), its name in itself, and its messages."""

    tag: str
    name: str
    locale: Locale
    messages: Mapping[str, str]

    def say(self, message: str, /, **values: object) -> str:
        """Return a message in this language with ``%(name)s`` filled in; English where none is written.

        >>> ENGLISH.say("%(count)s sentences", count=3)
        '3 sentences'
        """
        text = self.messages.get(message, message)
        return text % values if values else text

    def count(self, one: str, many: str, number: int) -> str:
        """Return the message for a number of things, ``%(num)s`` filled in.

        >>> ENGLISH.count("%(num)s row", "%(num)s rows", 1)
        '1 row'
        """
        return self.say(one if number == 1 and self.tag == "en" else many, num=f"{number:,}")

    def day(self, text: str) -> str:
        """Write a date (``YYYY-MM-DD``) as people do; what is no date stays as it is.

        >>> ENGLISH.day("2021-03-30"), choose("zh").day("2021-03-30")
        ('30 March 2021', '2021年3月30日')
        """
        return _day(text, self.tag)

    def other(self, tag: str) -> str:
        """Return the ``lang`` attribute for a text: empty where it is the page's own, or unknown.

        Tags are the same whatever their case (RFC 5646, 2.1.1); the store writes them small.

        >>> choose("zh").other("zh-hans"), choose("zh").other("en")
        ('', 'en')
        """
        return "" if tag.lower() in {"", self.tag.lower()} else tag


@lru_cache(maxsize=5_000)
def _day(text: str, tag: str) -> str:
    """Keep what lists say again and again: Babel takes longer for a date than a page for its line."""
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        return text
    return format_date(parsed, _DATES.get(tag, "long"), locale=language(tag).locale)


_DATES: Final = {"en": "d MMMM y"}


def choose(asked: str | None = None, kept: str | None = None, accepted: str | None = None) -> Language:
    """Return a reader's language: the one asked for, else the one chosen before, else the one liked best.

    ``accepted`` is the first language in Accept-Language that the pages speak. Raises BadRequest where the
    language asked for is none of them.
    """
    if asked is not None:
        tag = match(asked)
        if tag is None:
            known = ", ".join(f"?lang={each}" for each in TAGS)
            raise errors.BadRequest(
                "The pages do not speak the language %(asked)s. There is %(known)s.",
                {"asked": repr(asked[:35]), "known": known},
            )
        return language(tag)
    return language(match(kept or "") or match(accepted or "") or TAGS[0])


def match(tag: str) -> str | None:
    """Return the tag of ours that a tag means, None when it means none.

    >>> match("zh-CN"), match("EN"), match("fr")
    ('zh-Hans', 'en', None)
    """
    primary = tag.strip().replace("_", "-").lower().partition("-")[0]
    return next((each for each in TAGS if each.partition("-")[0] == primary), None)


@cache
def language(tag: str) -> Language:
    """Return one of the languages in ``TAGS``."""
    locale = Locale.parse(tag.replace("-", "_"))
    return Language(tag, _NAMES[tag], locale, _messages(tag))


def languages() -> tuple[Language, ...]:
    """Return all languages of the pages."""
    return tuple(language(tag) for tag in TAGS)


TAGS: Final = ("en", "zh-Hans")
"""What the pages speak; the first is what the messages are written in."""
_NAMES: Final = {"en": "English", "zh-Hans": "中文"}


def _messages(tag: str) -> Mapping[str, str]:
    if tag == TAGS[0]:
        return {}
    path = resources.files("server") / "locale" / f"{tag}.po"
    with path.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    return {str(each.id): str(each.string) for each in catalog if each.id and each.string}


ENGLISH: Final = language(TAGS[0])
