"""Readers turn English words of an article into values, so that no number in the graph is ours.

Pure functions, one for each kind of phrase. Each takes the whole phrase and the words in it alone:
a word that it does not know, or a second possible meaning, makes it raise `Unreadable`, whose
`why` says what is wrong and what to quote instead. Case, curly quotes, and the many dashes and
spaces of Unicode make no difference.
"""

from kg.readers.changes import Change, read_change
from kg.readers.faults import Unreadable
from kg.readers.finding import find_numbers, find_readable
from kg.readers.numbers import read_number
from kg.readers.periods import Period, read_period
from kg.readers.quantities import Comparator, Quantity, Unit, read_quantity
from kg.readers.ranks import read_ahead, read_rank
from kg.spans import Span

__all__ = [
    "Change",
    "Comparator",
    "Period",
    "Quantity",
    "Span",
    "Unit",
    "Unreadable",
    "find_numbers",
    "find_readable",
    "read_ahead",
    "read_change",
    "read_number",
    "read_period",
    "read_quantity",
    "read_rank",
]
