"""The MOPH-PHR dialect: reads what hospitals send, writes what readers get. No I/O, no storage, no HTTP."""

from morprom.mophphr.envelope import envelope, upload_notes
from morprom.mophphr.findings import finding
from morprom.mophphr.model import CountsUpload, Finding, Rejected, Upload
from morprom.mophphr.read_counts import read_counts_upload
from morprom.mophphr.read_upload import read_visits_upload
from morprom.mophphr.view import KINDS_NEEDED, UnknownAction, render

__all__ = [
    "KINDS_NEEDED",
    "CountsUpload",
    "Finding",
    "Rejected",
    "UnknownAction",
    "Upload",
    "envelope",
    "finding",
    "read_counts_upload",
    "read_visits_upload",
    "render",
    "upload_notes",
]
