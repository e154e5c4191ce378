"""The Patient of a payload, from PERSON and ADDRESS, with every key whose absence the platform warns about."""

from morprom_agent.export import Person, Row
from morprom_agent.export.rows import day
from morprom_agent.payload.concepts import Json, concept, without_nothing
from morprom_agent.payload.tables import GENDERS, MARITAL_STATUSES, NATIONALITIES, PREFIXES, PROVINCES
from morprom_wire import systems


def patient(person: Person, row: Row, hn: str, hospital: Json) -> Json:
    """The person as this hospital knows them; `row` is that of PERSON."""
    born, died = day(row["BIRTH"]), day(row["DDISCHARGE"])
    is_dead = row["DISCHARGE"] == "1"  # 43-file DISCHARGE: 1 dead, 2 moved, 3 lost, 9 active
    return without_nothing(
        {
            "identifier": _identifiers(row, hn, hospital),
            "active": True,
            "name": _names(row),
            "telecom": _telecom(person, row),
            "gender": GENDERS.get(row["SEX"], "unknown"),
            "birthDate": born.isoformat() if born else None,
            "deceasedBoolean": is_dead,
            "deceasedDateTime": died.isoformat() if is_dead and died else None,
            "nationality": _nationality(row["NATION"]),
            "maritalStatus": concept(systems.MARITAL_STATUS, *MARITAL_STATUSES.get(row["MSTATUS"], ("UNK", "ไม่ทราบ"))),
            "address": [_address(line) for line in person.rows.get("ADDRESS", ())],
            "contact": [],
        }
    )


def full_name(row: Row) -> str:
    """Prefix, given name and surname in Thai."""
    return f"{_prefix(row['PRENAME'])}{row['NAME']} {row['LNAME']}".strip()


def _identifiers(row: Row, hn: str, hospital: Json) -> list[Json]:
    numbers: list[Json] = [
        {"use": "official", "system": systems.CID, "type": "CID", "value": row["CID"]},
        {"use": "usual", "system": systems.HN, "type": "HN", "value": hn, "assigner": hospital["identifier"]},
    ]
    if passport := row["PASSPORT"]:
        numbers.append({"use": "secondary", "system": systems.PASSPORT, "type": "PPN", "value": passport})
    return numbers


def _prefix(code: str) -> str:
    """The prefix of a PRENAME code; exporters that write the word itself keep it."""
    return "" if code.isdigit() and code not in PREFIXES else PREFIXES.get(code, code)


def _names(row: Row) -> list[Json]:
    names = [_name("TH", _prefix(row["PRENAME"]), row["NAME"], row["LNAME"])]
    if row["NAME_E"]:
        names.append(_name("EN", row["PRENAME_E"], row["NAME_E"], row["LNAME_E"]))
    return names


def _name(language: str, prefix: str, given: str, family: str) -> Json:
    return {
        "use": "official",
        "text": f"{prefix}{given} {family}".strip(),
        "languageCode": language,
        "family": family,
        "given": [given],
        "prefix": [prefix] if prefix else [],
        "suffix": [],
    }


def _telecom(person: Person, row: Row) -> list[Json]:
    homes = person.rows.get("ADDRESS", ())
    found = {
        ("phone", "mobile"): row["MOBILE"] or next((home["MOBILE"] for home in homes if home["MOBILE"]), ""),
        ("phone", "home"): row["TELEPHONE"] or next((home["TELEPHONE"] for home in homes if home["TELEPHONE"]), ""),
        ("email", "home"): row["EMAIL"],
    }
    given = [(system, use, value) for (system, use), value in found.items() if value]
    return [
        {"system": system, "use": use, "value": value, "rank": rank, "period": {}}
        for rank, (system, use, value) in enumerate(given, start=1)
    ]


def _nationality(cell: str) -> Json:
    code = cell.zfill(3) if cell else ""
    return concept(f"{systems.CODING_SYSTEM}nationality", code, NATIONALITIES.get(code, ""))


def _address(row: Row) -> Json:
    line = [part for part in (row["ADDRESS_LINE1"], row["ADDRESS_LINE2"]) if part] or _lines(row)
    code = f"{row['CHANGWAT']}{row['AMPUR']}{row['TAMBON']}"
    state = PROVINCES.get(row["CHANGWAT"], "")
    return {
        "use": "home",
        "type": "physical" if row["ADDRESSTYPE"] == "2" else "postal",  # 1 as registered, 2 where they live
        "text": " ".join([*line, state]).strip(),
        "line": line,
        "city": "",  # the files carry codes; the platform names them by address_code
        "district": "",
        "state": state,
        "postalCode": row["POSTAL_CODE"],
        "country": "TH",
        "period": {},
        "address_code": code if len(code) == 6 and code.isdigit() else "",
    }


def _lines(row: Row) -> list[str]:
    village = row["VILLAGE"].lstrip("0")
    parts = (
        ("", row["ROOMNO"]),
        ("", row["CONDO"]),
        ("", row["HOUSENO"]),
        ("หมู่ ", village if village != "99" else ""),
        ("", row["VILLANAME"]),
        ("ซอย", row["SOIMAIN"]),
        ("", row["SOISUB"]),
        ("ถนน", row["ROAD"]),
    )
    return [f"{word}{value}" for word, value in parts if value]
