"""Which words of an item name a sensitive thing, and which only look as if they did."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mophphr.view_documents import Json, concept
from morprom.mophphr.view_facts import About, is_sensitive_item, rules_met_by


@pytest.mark.parametrize(
    ("item", "about"),
    [
        ({"lotNumber": "A501", "vaccineCode": concept("x", "R11", "Rota")}, About.ANYTHING),
        ({"performer": {"license_no": "F2012"}}, About.ANYTHING),
        ({"code": concept("his", "F0012", "Aspirin")}, About.MEDICINE),
        ({"code": concept("x", "1", "Morphine 10 mg")}, About.MEDICINE),
        ({"medication": concept("x", "1", "Ketamine")}, About.ANYTHING),
        ({"doseQuantity": {"value": "09"}}, About.ANYTHING),
        ({"requester": {"providerToken": "HIV"}}, About.ANYTHING),
    ],
)
def test_a_senders_own_number_is_no_disease(item: Json, about: About) -> None:
    assert not is_sensitive_item(item, about)


@pytest.mark.parametrize(
    ("item", "about", "rule"),
    [
        ({"code": concept("x", "F20", "-")}, About.DISEASE, "psychiatric"),
        ({"reasonCode": [concept("x", "Z21", "-")]}, About.MEDICINE, "hiv"),
        ({"a": {"b": [{"c": "รับยาต้านไวรัสเอดส์"}]}}, About.ANYTHING, "hiv"),
        ({"specialty": {"code": 9}}, About.ANYTHING, "psychiatric"),
        ({"identifier": [{"value": "ARV-01"}]}, About.ANYTHING, "hiv"),
    ],
)
def test_a_name_or_a_code_is_found_wherever_it_stands(item: Json, about: About, rule: str) -> None:
    assert [met.id for met in rules_met_by(item, about)] == [rule]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(values, st.sampled_from(About))
def test_any_item_can_be_asked_about(item: Any, about: About) -> None:
    assert is_sensitive_item(item, about) is bool(rules_met_by(item, about))
