"""Plain data of the record book: made once, never changed, compared by what it says."""

from dataclasses import dataclass
from functools import partial

#: The dataclass of what a history has by the hundred thousand. `frozen=True` would have Python
#: refuse a change as well, but makes them ten times as slowly; here a test reads the code for it.
plain = partial(dataclass, slots=True, unsafe_hash=True)
