"""The MOPH-PHR dialect: reads what hospitals send, writes what readers get. No I/O, no storage, no HTTP."""

from morprom.mophphr.envelope import envelope, upload_notes
from morprom.mophphr.export import export_uploads
from morprom.mophphr.findings import finding
from morprom.mophphr.item_calls import ITEM_CALLS
from morprom.mophphr.model import Finding, ItemsUpload, Rejected, Upload
from morprom.mophphr.read_counts import read_counts_upload
from morprom.mophphr.read_items import read_items_upload
from morprom.mophphr.read_refs import read_ref_list
from morprom.mophphr.read_upload import read_visits_upload
from morprom.mophphr.view import render

__all__ = [
    "ITEM_CALLS",
    "Finding",
    "ItemsUpload",
    "Rejected",
    "Upload",
    "envelope",
    "export_uploads",
    "finding",
    "read_counts_upload",
    "read_items_upload",
    "read_ref_list",
    "read_visits_upload",
    "render",
    "upload_notes",
]
