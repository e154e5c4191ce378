"""Synthetic people: a 43-file export of a hospital that does not exist, the same for the same seed.

The demo, the tests and the benchmarks live on it. docs/synthetic-people.md says how it is made and how far
from real it is.
"""

from morprom.synth.cast import CAST, Character
from morprom.synth.write import Summary, write_export

__all__ = ["CAST", "Character", "Summary", "write_export"]
