"""A stored number that no program can hold must not close a person's record."""

import msgspec
import pytest

from mophphr.view_documents import ARRIVAL, CID, KHON_KAEN, ORGANIZATIONS, OWNER, TODAY
from morprom.mophphr.view import KINDS_NEEDED, render
from morprom.record import Document, Kind


def stored(number: str) -> Document:
    quantity = f'{{"code":{{"text":"FBS"}},"valueQuantity":{{"value":{number},"unit":"mg/dL"}}}}'
    vital = f'{{"body_weight_kg":{number},"pulse":{number}}}'
    content = (
        f'{{"identifier":[{{"type":"VN","value":"V1"}}],"class":{{"code":"AMB"}},"period":{{"start":"2026-03-01T08:15:17"}},'
        f'"vital_signs":{vital},"Observation":[{quantity}],"financeTotalAmount":{number}}}'
    )
    return Document(Kind.VISIT, KHON_KAEN, content.encode(), 1, ARRIVAL, ARRIVAL)


@pytest.mark.parametrize("action", sorted(KINDS_NEEDED))
@pytest.mark.parametrize("mode", ["", "Detail", "Encounter"])
@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 5000, "1e308", "0.1e-400"])
def test_every_view_survives_a_number_out_of_range(action: str, mode: str, number: str) -> None:
    answer = render(
        action, mode, "", [stored(number)], seeing=OWNER, cid=CID, organizations=ORGANIZATIONS,
        row_key=lambda _: "key", today=TODAY,
    )  # fmt: skip
    msgspec.json.encode(answer)
