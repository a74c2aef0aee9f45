"""Compression of pages and of what they load: on a phone a page should weigh what its words do."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Final

LEAST: Final = 1_000
"""Bytes from which gzip saves a packet."""
MOST: Final = 2_000_000
"""Bytes up to which something is compressed at once; what is larger is data, and goes out as it is."""


def is_worth_it(media_type: str, size: int) -> bool:
    """Tell whether a body gets much smaller: what is made of words does, pictures are small as they are.

    >>> is_worth_it("text/html", 30_000), is_worth_it("image/png", 30_000), is_worth_it("text/html", 300)
    (True, False, False)
    """
    is_text = media_type.startswith("text/") or media_type.endswith(_WORDS)
    return is_text and LEAST <= size <= MOST


_WORDS: Final = ("json", "xml", "javascript", "n-triples")


@lru_cache(maxsize=16)
def zipped(body: bytes) -> bytes:
    """Return the gzip of a body, always the same; that of what is asked for most is kept."""
    return gzip.compress(body, compresslevel=6, mtime=0)
