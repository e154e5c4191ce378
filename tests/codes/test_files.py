"""Files of codes: what is read of them, what is refused with its line, and what goes out again."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morprom.codes import CodeFile, CodeSystem, as_csv, as_fhir, read_codes
from morprom.codes.hand import hand_written
from morprom.codes.rules import published
from morprom.kernel import Problem


def read(folder: Path, content: str | bytes) -> CodeFile:
    file = folder / "codes"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_codes(file)


def faults(file: CodeFile) -> list[str]:
    return [f"{row.place}: {row.why.en}" for row in file.faulty]


ROWS = [
    {"code": "001", "display": "ไทย", "display_en": "Thai"},
    {"code": "002", "display": "Lao", "display_en": "Lao", "region": "asia"},
]


@pytest.mark.parametrize(
    "content",
    [
        "code,display,display_en,Region\n001,ไทย,Thai,\n002,,Lao,asia\n",
        "\ufeffcode,display,display_en,Region\r\n001,ไทย,Thai,\r\n\r\n002,,Lao,asia",
        "รหัส;ชื่อ;Name EN;region\n001;ไทย;Thai;\n002;Lao;Lao;asia\n",
        "region\tDISPLAY_EN\tname\tCode\n\tThai\t ไทย\u200b \t001\nasia\tLao\t\t002\n",
        'code|display|display_en|region\n"001"|"ไทย"|Thai|\n002||Lao|asia\n',
    ],
)
def test_columns_are_found_by_their_names(tmp_path: Path, content: str) -> None:
    file = read(tmp_path, content)
    assert (file.rows, file.faulty) == (ROWS, [])


def test_cp874_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "รหัส,ชื่อ\n1,ทดสอบ\n".encode("cp874")).rows == [
        {"code": "1", "display": "ทดสอบ", "display_en": ""}
    ]


def test_rows_that_cannot_be_used_are_told_by_their_line(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        'code,display\n1,a\n,b\n\n2,\n"3","two\nlines"\n1,again\n4,'
        + "x" * 2001
        + "\n5,b\x07\n"
        + "6" * 101
        + ",c\n7,ok\n",
    )
    assert [row["code"] for row in file.rows] == ["1", "3", "7"]
    assert faults(file) == [
        "line 3: the code is empty",
        "line 5: the display is empty",
        "line 8: the code is already at line 2",
        "line 9: longer than 100 (a code) or 2000 (a text) characters",
        "line 10: it holds control characters",
        "line 11: longer than 100 (a code) or 2000 (a text) characters",
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "CODES_HEADER"),
        ("a,b\n1,2\n", "CODES_HEADER"),
        (b"code,display\n1,\xff\x81\n", "CODES_UNREADABLE"),
        (b"PK\x03\x04", "CODES_UNREADABLE"),
        ("{", "CODES_UNREADABLE"),
        ("[1]", "CODES_UNREADABLE"),
        ('{"resourceType":"ValueSet"}', "CODES_UNREADABLE"),
        ('{"resourceType":"CodeSystem","content":"not-present"}', "CODES_UNREADABLE"),
        ("[" * 10_000, "CODES_UNREADABLE"),
        ("code,display\n1," + '"' * 3 + "x" * 200_000, "CODES_UNREADABLE"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: str | bytes, code: str) -> None:
    with pytest.raises(Problem) as raised:
        read(tmp_path, content)
    assert raised.value.code == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        read_codes(tmp_path / "nothing.csv")
    with pytest.raises(Problem):
        read_codes(tmp_path)


def test_concepts_of_fhir_are_read_with_their_parents(tmp_path: Path) -> None:
    resource = {
        "resourceType": "CodeSystem", "version": "4.0", "date": "2025-12", "title": "Substances", "concept": [
            {"code": "a", "display": "Antibiotics", "definition": "kills\nbacteria", "concept": [
                {"code": "b", "display": "Penicillin", "designation": [{"language": "th-TH", "value": "เพนิซิลลิน"}],
                 "concept": [{"code": "c", "display": "เพนวี", "property": [
                     {"code": "weight", "valueDecimal": 350.5}, {"code": "old", "valueBoolean": False},
                     {"code": "of", "valueCoding": {"code": "x"}}, {"code": "code", "valueString": "mine"}]}]},
            ]},
            {"code": "d", "designation": [{"language": "en", "value": "Dapsone"}]},
            {"display": "no code"}, 7, {"code": "a", "display": "again"},
        ],
    }  # fmt: skip
    file = read(tmp_path, json.dumps(resource))
    assert file.rows == [
        {"code": "a", "display": "Antibiotics", "display_en": "Antibiotics", "definition": "kills bacteria"},
        {"code": "b", "display": "เพนิซิลลิน", "display_en": "Penicillin", "parent": "a"},
        {"code": "c", "display": "เพนวี", "display_en": "", "weight": "350.5", "old": "false", "of": "x", "parent": "b"},
        {"code": "d", "display": "Dapsone", "display_en": "Dapsone"},
    ]
    assert faults(file) == [
        "/concept/2: the code is empty", "/concept/3: the code is empty",
        "/concept/4: the code is already at /concept/0",
    ]  # fmt: skip
    assert file.says == {"version": "4.0", "date": "2025-12", "title": "Substances"}


def test_deep_nests_are_read_or_refused(tmp_path: Path) -> None:
    text = '{"resourceType":"CodeSystem"'
    for n in range(200):
        text += f',"concept":[{{"code":"{n}","display":"x"'
    assert len(read(tmp_path, text + "}]" * 200 + "}").rows) == 200


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=20)


@given(st.dictionaries(_TEXT, st.tuples(_TEXT, _TEXT, _TEXT), min_size=1, max_size=20))
def test_what_goes_out_comes_in_again(
    tmp_path_factory: pytest.TempPathFactory, codes: dict[str, tuple[str, str, str]]
) -> None:
    rows = [
        {"code": code, "display": th, "display_en": en, "group": more} for code, (th, en, more) in codes.items()
    ]  # fmt: skip
    system = published(CodeSystem("x", "ก", "x", "1", date(2026, 4, 1), len(rows), "imported"), rows)
    folder = tmp_path_factory.mktemp("codes")
    assert read(folder, as_csv(system)).rows == rows
    again = read(folder, as_fhir(system, "https://phr.example"))
    assert (again.rows, again.says["version"]) == (rows, "1")


def test_every_hand_written_code_says_where_it_comes_from() -> None:
    systems = hand_written()
    for name, system in systems.items():
        assert system.about.system == name and system.about.title_th and system.about.source
        rows = json.loads(system.rows)
        assert len({row["code"] for row in rows}) == len(rows) == system.about.count
        for row in rows:
            assert row["display"] and row["source"] in ("confirmed", "ours")
    counts = {name: system.about.count for name, system in systems.items()}
    assert (counts["province"], counts["health_region"], counts["tmt_substance"]) == (77, 13, 0)


def test_the_public_values_are_there() -> None:
    first = {name: json.loads(system.rows)[0] for name, system in hand_written().items() if system.about.count}
    for name, code, en in (
        ("allergy_naranjo_result", "1", "Definite"), ("allergy_source", "1", "Came to the hospital"),
        ("allergy_result", "1", "Recovered"), ("chronic_disease", "001", "Diabetes mellitus"),
        ("caregiver_type", "1", "Of the same family"),
    ):  # fmt: skip
        assert (first[name]["code"], first[name]["display_en"], first[name]["source"]) == (code, en, "confirmed")
