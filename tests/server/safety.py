"""What a page may not hold: anything that could run or load what is not a file of ours."""

import re
from html.parser import HTMLParser

DATA_BLOCK = "application/ld+json"


class Safe(HTMLParser):
    """Reads a page as a browser does, and fails where something could run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.add(tag)
        assert tag not in {"style", "iframe", "object", "embed", "base", "frame"}, tag
        assert tag != "script" or found.get("type") == DATA_BLOCK or is_ours(found.get("src") or ""), found
        assert "http-equiv" not in found
        for name, value in attributes:
            assert not name.startswith("on"), name
            assert name != "style"
            assert name not in {"href", "src", "action", "formaction"} or not runs(value or ""), value


def is_ours(address: str) -> bool:
    return address.startswith("/static/")


def runs(address: str) -> bool:
    return bool(re.match(r"[\s\x00-\x1f]*(javascript|data|vbscript):", address, re.IGNORECASE))


def check_page(text: str) -> None:
    """Fail where a page holds script, style or a handler of its own; data blocks run nothing."""
    assert "html" in Safe(text).tags
