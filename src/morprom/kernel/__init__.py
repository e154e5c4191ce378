"""Words that every room uses: identifiers that hide themselves, problems, instants, Thai text, settings."""

from morprom.kernel.ident import Cid, Hcode
from morprom.kernel.instants import BANGKOK, Clock, utc_now
from morprom.kernel.problem import Category, Problem, Words
from morprom.kernel.secret import Secret
from morprom.kernel.settings import Mode, Settings, load_settings
from morprom.kernel.unique import new_id, time_ordered_id

__all__ = [
    "BANGKOK",
    "Category",
    "Cid",
    "Clock",
    "Hcode",
    "Mode",
    "Problem",
    "Secret",
    "Settings",
    "Words",
    "load_settings",
    "new_id",
    "time_ordered_id",
    "utc_now",
]
