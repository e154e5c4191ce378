"""Milliseconds to render each view of a record of 100 visits, vendors mixed: `python bench/views.py`.

Decoding, sensitivity and computing; the opening of the sealed documents is not in it. Best of 7 rounds of 5.
"""

import sys
import timeit
from datetime import date, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from mophphr.view_documents import CID, KHON_KAEN, OTHERS, document, read
from morprom.mophphr.model import Upload
from morprom.mophphr.read_upload import read_visits_upload
from morprom.record import Document, Kind
from payloads import VENDORS, visit_body

VIEWS = (
    ("PatientSummary", ""), ("Observation", ""), ("Medication", ""), ("Condition", ""), ("Coverage", ""),
    ("Encounter", ""), ("Observation", "Detail"), ("Medication", "Encounter"), ("Condition", "Encounter"),
)  # fmt: skip


def record(visits: int = 100) -> list[Document]:
    """A person's documents at one hospital."""
    rng = Random(5)
    documents: list[Document] = []
    for number in range(visits):
        day = date(2020, 1, 3) + timedelta(days=9 * number)
        vendor = VENDORS[number % len(VENDORS)]
        body = visit_body(vendor, rng, hcode=KHON_KAEN, cid=CID, ref=f"V{number}", on=day)
        upload = read_visits_upload(body, encounter_limit=500, nesting_limit=64, test_person_allowed=True)
        assert isinstance(upload, Upload)
        documents += [document(Kind.VISIT, visit.content, day=number) for visit in upload.visits]
        if number == 0:
            documents.append(document(Kind.PATIENT, upload.patient))
    return documents


def main() -> None:
    """Print one line for each view."""
    documents = record()
    print(f"{len(documents) - 1} visits of {sum(len(one.content) for one in documents) // 100} bytes")
    for action, mode in VIEWS:
        rounds = timeit.repeat(lambda: read(action, documents, mode, seeing=OTHERS), number=5, repeat=7)  # noqa: B023
        print(f"{action:15} {mode:10} {min(rounds) / 5 * 1000:6.2f} ms")


if __name__ == "__main__":
    main()
