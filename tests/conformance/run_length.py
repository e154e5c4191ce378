"""How long the runs are: short in `make test`, whole in `make fuzz`, which sets FUZZ_CALLS: calls for each token."""

import os
from typing import Final

FUZZ_CALLS: Final = int(os.environ.get("FUZZ_CALLS", "1500"))
IS_WHOLE: Final = "FUZZ_CALLS" in os.environ
CASES: Final = 1_000_000 if IS_WHOLE else 300
"""Replacements tried in the body of one call."""
