"""The head of a page: what search engines and other sites read of it beside title and description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from server.pages.parts import Alternate


@dataclass(frozen=True, slots=True)
class Head:
    """The address of this very page in its language, its data, what it says in schema.org, what it is."""

    canonical: str
    alternates: tuple[Alternate, ...] = ()
    structured: tuple[dict[str, Any], ...] = ()
    kind: str = "website"

    def locale_of(self, tag: str) -> str:
        """Return how Open Graph writes a language of the pages."""
        return _LOCALES[tag]


_LOCALES: Final = {"en": "en_GB", "zh-Hans": "zh_CN"}
