"""What the engine and its workers say to each other over a worker's pipes.

A job comes in as four bytes of length and JSON; a frame goes out as one byte of type, four bytes of length
and the content.
"""

from __future__ import annotations

import struct
from typing import Final

READY: Final = b"R"
"""The store is open, and every right is given up."""
KIND: Final = b"K"
"""The query is parsed; the content says the form of its answer."""
DATA: Final = b"D"
"""A part of the answer, more to come."""
LAST: Final = b"L"
"""The last part of the answer, or all of it."""
CALL: Final = b"C"
"""Another endpoint is to be asked; the content says which, and what. The answer comes in as a job does."""
FAULT: Final = b"F"
"""No answer; the content says why."""

HEADER: Final = struct.Struct(">cI")
LENGTH: Final = struct.Struct(">I")
