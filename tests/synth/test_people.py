"""Who lives in an export: numbers nobody has, ages like Thailand's, families, the cast, what must be hidden."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from morprom.synth import CAST
from morprom.synth.households import PYRAMID, populate
from morprom.synth.vaccines import SCHEDULE
from morprom_wire.cid import is_cid

from .conftest import END, Writer, Written

TODAY = date(2026, 1, 31)


def test_every_citizen_number_is_of_the_district_that_does_not_exist(month: Written) -> None:
    for name, rows in month.files.items():
        for row in rows:
            for column in ("CID", "FATHER", "MOTHER", "COUPLE"):
                number = row.get(column, "")
                assert (
                    (number == "" and column != "CID")
                    or (is_cid(number) and number.startswith("19900"))
                    or (column not in row)
                ), (name, column)


def test_no_two_people_share_a_number() -> None:
    people = list(populate(5000, 3, TODAY))
    assert len({person.cid for person in people}) == len({person.hn for person in people}) == 5000


def test_ages_and_sexes_are_like_thailands() -> None:
    people = list(populate(4000, 1, TODAY))
    found = Counter((min(person.age(TODAY) // 5, len(PYRAMID) - 1), person.sex) for person in people)
    for band, shares in enumerate(PYRAMID):
        for sex, share in zip("12", shares, strict=True):
            assert abs(found[band, sex] / 40 - share) < 0.6, (band, sex)


def test_parents_are_older_than_their_children_by_a_generation_and_share_the_surname() -> None:
    people = list(populate(2000, 1, TODAY))
    by_cid = {person.cid: person for person in people}
    children = [person for person in people if person.mother]
    assert len(children) > 400
    for child in children:
        mother = by_cid[child.mother]
        assert mother.sex == "2"
        assert 17 <= (child.born - mother.born).days / 365.25 <= 41
    minors = [child for child in children if child.age(TODAY) < 15]
    assert all(child.surname == by_cid[child.father].surname for child in minors)
    assert all(child.home is by_cid[child.mother].home for child in minors)


def test_couples_are_married_to_each_other() -> None:
    people = {person.cid: person for person in populate(1500, 1, TODAY)}
    wed = [person for person in people.values() if person.couple]
    assert len(wed) > 500
    assert all(
        people[person.couple].couple == person.cid and people[person.couple].home is person.home for person in wed
    )


def test_the_same_seed_gives_the_same_people_to_another_hospital(write: Writer) -> None:
    here, there = (write(50, 1, hcode=hcode) for hcode in ("99999", "99998"))
    assert [row["CID"] for row in here.files["PERSON"]] == [row["CID"] for row in there.files["PERSON"]]
    assert here.files["SERVICE"] != there.files["SERVICE"]


def test_the_cast_is_there_with_every_scene_of_the_month(month: Written) -> None:
    for character in CAST:
        [person] = month.of("PERSON", CID=character.cid)
        assert (person["NAME"], person["LNAME"]) == (character.given, character.surname)
        told = [row["CHIEFCOMP"] for row in month.of("SERVICE", CID=character.cid)]
        assert all(scene.complaint in told for scene in character.scenes), character.given


def test_the_cast_lives_whatever_the_end(write: Writer) -> None:
    for end in (date(2025, 3, 1), date(2026, 12, 31)):
        written = write(len(CAST), 1, with_cast=True, end=end)
        assert written.of("PERSON", DISCHARGE="1") == []
        assert len(written.files["SERVICE"]) >= sum(len(character.scenes) for character in CAST) - 1


def test_some_visits_are_such_as_others_must_not_see(month: Written) -> None:
    codes = [row["DIAGCODE"] for row in month.files["DIAGNOSIS_OPD"]]
    assert sum(code.startswith(("B20", "B24")) for code in codes) >= 2
    assert sum(code.startswith("F") for code in codes) >= 10
    assert 0.005 < sum(code.startswith(("B2", "F", "A5", "X6", "O03")) for code in codes) / len(codes) < 0.06


def test_hiv_results_stay_in_the_antenatal_file(years: Written) -> None:
    assert all(row["HIV_RESULT"] for row in years.files["PRENATAL"])
    tests = {row["LABTEST"] for row in years.files["LABFU"]}
    assert tests <= {"0531004", "03", "0531601", "0546602", "0541602", "0541202", "0541402", "10", "0581902",
    "0440204", "0581903",
                     "0581904", "16", "18", "19", "20"}  # fmt: skip


def test_nobody_is_given_what_they_are_allergic_to(years: Written) -> None:
    allergic = {(row["PID"], row["DIDSTD"]) for row in years.files["DRUG_OPD"] + years.files["DRUG_IPD"]}
    assert years.files["DRUGALLERGY"]
    assert not any((row["PID"], row["DRUGALLERGY"]) in allergic for row in years.files["DRUGALLERGY"])


def test_the_dead_do_not_come_back(write: Writer) -> None:
    written = write(1500, 12, seed=4)
    died = {row["PID"]: row["DDISCHARGE"] for row in written.of("PERSON", DISCHARGE="1")}
    assert died
    for row in written.files["SERVICE"]:
        assert row["DATE_SERV"] <= died.get(row["PID"], "9")


def test_children_are_vaccinated_when_due(years: Written) -> None:
    born = {row["PID"]: row["BIRTH"] for row in years.files["PERSON"]}
    due = {code: one.day for one in SCHEDULE for code in one.vaccines}
    given = [row for row in years.files["EPI"] if row["VACCINETYPE"] in due]
    assert len(given) > 30
    for row in given:
        age = _day(row["DATE_SERV"]) - _day(born[row["PID"]])
        assert timedelta(days=due[row["VACCINETYPE"]]) <= age <= timedelta(days=due[row["VACCINETYPE"]] + 130)


def test_pregnant_women_are_women_of_that_age(years: Written) -> None:
    people = {row["PID"]: row for row in years.files["PERSON"]}
    assert len(years.files["ANC"]) > 20
    for row in years.files["ANC"]:
        person = people[row["PID"]]
        assert person["SEX"] == "2"
        assert 12 < END.year - int(person["BIRTH"][:4]) < 47
        assert 5 <= int(row["GA"]) <= 42


def test_most_appointments_are_kept_and_some_are_not(years: Written) -> None:
    came: dict[str, set[str]] = defaultdict(set)
    for row in years.files["SERVICE"]:
        came[row["PID"]].add(row["DATE_SERV"])
    planned = [row for row in years.of("APPOINTMENT", APTYPE="1") if row["APDATE"] <= f"{END:%Y%m%d}"]
    kept = sum(row["APDATE"] in came[row["PID"]] for row in planned) / len(planned)
    assert 0.7 < kept < 0.93
    assert any(row["APDATE"] > f"{END:%Y%m%d}" for row in years.files["APPOINTMENT"])


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
