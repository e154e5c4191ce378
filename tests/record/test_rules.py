"""Which facts make a visit sensitive."""

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.record import DEFAULT_RULES, RULES, Facts, Ruleset


def met(facts: Facts) -> list[str]:
    return [rule.id for rule in DEFAULT_RULES.matching(facts)]


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("B20", "hiv"), ("B24", "hiv"), ("b201", "hiv"), ("B20.1", "hiv"), ("Z11.4", "hiv"), ("Z114", "hiv"),
        ("R75", "hiv"), ("Z717", "hiv"), ("O98.7", "hiv"), ("B24†", "hiv"), (" B24 ", "hiv"),
        ("A50", "sti"), ("A64", "sti"), ("A539", "sti"),
        ("F00", "psychiatric"), ("F99", "psychiatric"), ("F32.1", "psychiatric"),
        ("F10.2", "substance"), ("F19", "substance"), ("F172", "tobacco"),
        ("X60", "self-harm"), ("X849", "self-harm"), ("Z91.5", "self-harm"),
        ("O03", "abortion"), ("O08.9", "abortion"),
        ("T74.2", "abuse"), ("Y05", "abuse"), ("Z04.4", "abuse"), ("Z61.5", "abuse"),
    ],
)  # fmt: skip
def test_a_diagnosis_meets_its_rule(code: str, rule: str) -> None:
    assert met(Facts(diagnoses=[code])) == [rule]


@pytest.mark.parametrize(
    "code",
    ["", "-", "B19", "B25", "Z11.3", "A49", "A65", "G00", "E99", "X59", "X85", "O02", "O09", "T73", "Z61.3", "Z61.7",
     "Z91.4", "E11.9", "N46", "Z30.4", "ABF20", "U71", "09"],
)  # fmt: skip
def test_a_neighbouring_diagnosis_meets_none(code: str) -> None:
    assert met(Facts(diagnoses=[code])) == []


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (Facts(medicines=["TENOFOVIR DISOPROXIL 300 mg"]), "hiv"),
        (Facts(medicines=["Efavirenz600"]), "hiv"),
        (Facts(medicines=["AZT (300)"]), "hiv"),
        (Facts(medicines=["J05AR06"]), "hiv"),
        (Facts(medicines=["เมทาโดน"]), "substance"),
        (Facts(labs=["7917-8"]), "hiv"),
        (Facts(labs=["AntiHIV"]), "hiv"),
        (Facts(labs=["CD4 count"]), "hiv"),
        (Facts(labs=["%CD4"]), "hiv"),
        (Facts(labs=["vdrl"]), "sti"),
        (Facts(labs=["Urine methamphetamine"]), "substance"),
        (Facts(clinics=["09"]), "psychiatric"),
        (Facts(clinics=["10900"]), "psychiatric"),
        (Facts(clinics=["คลินิกจิตเวช"]), "psychiatric"),
        (Facts(clinics=["ARV clinic"]), "hiv"),
        (Facts(clinics=["OSCC"]), "abuse"),
    ],
)
def test_a_medicine_a_test_and_a_clinic_meet_their_rules(facts: Facts, rule: str) -> None:
    assert met(facts) == [rule]
    assert DEFAULT_RULES.touches(facts)


@pytest.mark.parametrize(
    "facts",
    [
        Facts(medicines=["Metformin 500 mg", "B20", "1234567"]),  # a local medicine code is no diagnosis
        Facts(labs=["CD45", "09", "E. coli", "WBC"]),  # 09 is LDL among tests
        Facts(clinics=["01", "19", "00100", "F20", "อายุรกรรม"]),
        Facts(diagnoses=["09"]),
        Facts(),
    ],
)
def test_ordinary_facts_meet_none(facts: Facts) -> None:
    assert met(facts) == []
    assert not DEFAULT_RULES.touches(facts)


def test_an_optional_rule_acts_only_when_it_is_chosen() -> None:
    facts = Facts(diagnoses=["N97.9"])
    assert not DEFAULT_RULES.touches(facts)
    assert [rule.id for rule in Ruleset(RULES).matching(facts)] == ["fertility"]


def test_every_rule_explains_itself_in_two_languages_and_once() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.words.th and rule.words.en for rule in RULES)


@given(st.text(max_size=600))
def test_any_text_can_be_asked_about(term: str) -> None:
    facts = Facts([term], [term], [term], [term])
    assert DEFAULT_RULES.touches(facts) is bool(DEFAULT_RULES.matching(facts))


def test_a_hundred_visits_take_well_under_a_millisecond() -> None:
    facts = Facts(
        ["E119", "I10", "E785"],
        ["220001", "Metformin 500 mg", "220002", "Amlodipine 5 mg"],
        ["1558-6", "FBS", "4548-4", "HbA1c", "2160-0", "Creatinine"],
        ["01", "อายุรกรรม"],
    )
    seconds = min(timeit.repeat(lambda: [DEFAULT_RULES.touches(facts) for _ in range(100)], number=1, repeat=20))
    assert seconds < 0.001


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("ผู้ป่วย B20.1 นัดรับยา", "hiv"),
        ("(F200)", "psychiatric"),
        ("J05AR06", "hiv"),
        ("LOINC 7917-8 reactive", "hiv"),
        ("refer OSCC", "abuse"),
        ("Morphine screening positive", "substance"),
    ],
)
def test_words_meet_the_rules_of_every_class(text: str, rule: str) -> None:
    assert [RULES[hit].id for hit in DEFAULT_RULES.of_text(text)] == [rule]


@pytest.mark.parametrize("text", ["", "เบาหวาน E11.9", "vitamin B12", "H1N1", "N95", "ABF20X", "12345-7", "A50123"])
def test_ordinary_words_meet_none(text: str) -> None:
    assert DEFAULT_RULES.of_text(text) == ()


def test_a_medicine_is_not_a_screen_for_it() -> None:
    assert DEFAULT_RULES.of_text("Morphine 10 mg inj", is_about_medicine=True) == ()
    assert DEFAULT_RULES.of_text("Methadone 5 mg", is_about_medicine=True) != ()


def test_a_clinic_number_without_its_zero_is_one() -> None:
    assert met(Facts(clinics=["9"])) == ["psychiatric"]
