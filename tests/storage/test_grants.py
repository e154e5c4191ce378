"""What each role may do, compared with a table; and what somebody who took over a role still cannot do."""

from typing import Final

import asyncpg
import pytest

from morprom.app.rotation import SHARDS, rotate
from morprom.people import Identifier, Scheme, ensure, find
from morprom.storage import Database, KeyKind, KeyRing, Role, Tx
from morprom_wire.cid import check_digit

ROLES: Final = [role for role in Role if role is not Role.OWNER]

UNIT: Final = "hcode name type province district region beds is_test changed_at"
REF_KEY: Final = "ref_key ref_key_wrap_id"
ACCOUNT: Final = "account_id hcode login name permissions may_send may_read generation disabled_at is_personal"
LINE: Final = {"insert": "id person_id actor basis outcome key_id unit sealed"}
ALL: Final = "*"

GRANTS: Final[dict[str, dict[str, dict[str, str]]]] = {
    # table or function: role: privilege: columns, "*" for the whole
    "account": {
        "intake": {"select": ACCOUNT},
        "reader": {"select": ACCOUNT},
        "oversight": {"select": ACCOUNT},
        "identity": {"select": f"{ACCOUNT} verifier", "update": "verifier"},
    },
    "agent_status": {
        "intake": {"select": ALL, "insert": ALL, "update": ALL},
        "oversight": {"select": ALL},
    },
    "authenticator": {
        "identity": {"select": ALL, "insert": ALL, "update": "last_used_at ended_at counter key_id sealed"},
        "reader": {"select": "person_id kind ended_at"},
    },
    "card_code": {
        "reader": {
            "select": ALL,
            "insert": ALL,
            "update": "presented_at token_hash token_at tries ended_at grant_id",
            "delete": ALL,
        },
    },
    "card_nonce": {"identity": {"select": ALL, "insert": ALL, "delete": ALL}},
    "card_station": {"identity": {"select": ALL, "insert": ALL, "update": "ended_at"}},
    "client": {
        "reader": {"select": "client_id hcode name redirect_uris registered_at revoked_at kind terms disabled_at"},
        "identity": {"select": ALL},
    },
    "client_change": {"identity": {"select": ALL}},
    "client_write": {"identity": {"execute": ALL}},
    "code_system": {"reader": {"select": ALL}},
    "contact": {"identity": {"select": ALL, "insert": ALL, "update": "ended_at"}},
    "contact_check": {
        "identity": {"select": ALL, "insert": ALL, "update": "confirmed_at tries", "delete": ALL},
    },
    "controls_write": {"reader": {"execute": ALL}},
    "disputed_visit": {
        "reader": {
            "select": ALL,
            "insert": ALL,
            "update": "masked_at reported_at seen_at reason",
            "delete": ALL,
        },
        "intake": {"select": ALL, "update": "seen_at", "delete": ALL},
    },
    "document": {
        "intake": {"select": ALL, "insert": ALL, "update": "held_until", "delete": ALL},
        "reader": {"select": ALL},
    },
    "face_client": {"identity": {"select": ALL}},
    "face_code": {"identity": {"select": ALL, "insert": ALL, "update": "presented_at jti", "delete": ALL}},
    "face_subject": {"identity": {"select": ALL, "insert": ALL}},
    "health_id_session": {"identity": {"select": ALL, "insert": ALL, "update": "ended_at", "delete": ALL}},
    "exercise": {"oversight": {"select": ALL, "insert": ALL, "update": ALL, "delete": ALL}},
    "history": {
        "intake": LINE,
        "reader": LINE,
        "identity": LINE,
        "oversight": LINE,
        "keys": LINE,
        "sealer": {"select": ALL},
    },
    "history_of": {"identity": {"execute": ALL}},
    "history_batch": {
        "sealer": {
            "select": ALL,
            "insert": "day first_position count upto_txid upto_id key_id leaves peaks head",
        },
    },
    "hospital_count": {
        "intake": {"select": ALL, "insert": ALL, "update": ALL},
        "oversight": {"select": ALL},
    },
    "inbox_notice": {
        "reader": {"insert": "notice_id person_id sealed"},
        "identity": {"select": ALL},
    },
    "intake_look": {"intake": {"execute": ALL}},
    "intake_write": {"intake": {"execute": ALL}},
    "ledger": {
        "intake": {
            "select": ALL,
            "insert": ALL,
            "update": "person_id removed_at day version is_inpatient content_hash label",
            "delete": ALL,
        },
        "oversight": {"select": "removed_at day is_inpatient unit ref kind label"},
    },
    "openid_grant": {"identity": {"select": ALL, "insert": ALL, "update": "ended_at last_used_at"}},
    "openid_request": {"identity": {"select": ALL, "insert": ALL, "update": "used_at", "delete": ALL}},
    "openid_sign_in": {
        "identity": {
            "select": ALL,
            "insert": ALL,
            "update": "ended_at code_presented_at tell_at tell_tries",
            "delete": ALL,
        },
    },
    "openid_subject": {"identity": {"select": ALL, "insert": ALL}},
    "openid_token": {"identity": {"select": ALL, "insert": ALL, "update": "used_at ended_at", "delete": ALL}},
    "otp_grant": {
        "reader": {"select": ALL, "insert": ALL, "update": "tries first_used_at ended_at", "delete": ALL},
        "identity": {
            "select": "grant_id person_id unit issued_at first_used_at ended_at ground",
            "update": "ended_at",
        },
    },
    "passkey_challenge": {"identity": {"select": ALL, "insert": ALL, "delete": ALL}},
    "paste": {"reader": {"select": ALL, "insert": ALL, "delete": ALL}},
    "person": {
        "intake": {"select": ALL, "insert": ALL},
        "reader": {"select": ALL, "insert": ALL},
        "keys": {"select": ALL, "update": "shard_version wrapped_key"},
    },
    "person_account": {
        "identity": {"select": ALL, "insert": ALL, "update": "t4_opens_at frozen_at ial ial_table ial_until"},
        "reader": {"select": "person_id ial ial_until frozen_at t4_opens_at"},
    },
    "person_identifier": {
        "intake": {"select": ALL, "insert": ALL},
        "reader": {"select": ALL, "insert": ALL},
        "identity": {"select": "person_id value_hmac"},
        "keys": {"select": ALL, "insert": ALL, "update": "value_hmac", "delete": ALL},
    },
    "person_session": {
        "identity": {
            "select": ALL,
            "insert": ALL,
            "update": "authenticated_at last_seen_at ended_at key_id cookie_hash amr aal sealed ial_at_most",
            "delete": ALL,
        },
    },
    "proofing_case": {
        "identity": {"select": ALL, "insert": ALL, "update": "second_officer key_id sealed", "delete": ALL},
    },
    "proofing_event": {
        "identity": {"select": ALL, "insert": ALL, "update": "redeemed_at withdrawn_at photo photo_until"},
    },
    "proofing_slip": {"identity": {"select": ALL, "insert": ALL, "update": "ended_at tries", "delete": ALL}},
    "provider": {"identity": {"select": ALL, "insert": ALL, "update": "ended_at key_id sealed"}},
    "provider_refresh": {"identity": {"select": ALL, "insert": ALL, "update": "used_at", "delete": ALL}},
    "provider_session": {"identity": {"select": ALL, "insert": ALL, "update": "ends_at ended_at", "delete": ALL}},
    "redemption": {"identity": {"select": ALL, "insert": ALL, "update": "confirmed_at tries", "delete": ALL}},
    "removal": {"intake": {"select": ALL, "insert": ALL, "update": "state decided_at"}},
    "shown_once": {"identity": {"select": ALL, "insert": ALL, "delete": ALL}},
    "sign_in_attempt": {"identity": {"select": ALL, "insert": ALL, "update": ALL, "delete": ALL}},
    "sign_in_event": {"identity": {"select": ALL, "insert": ALL, "delete": ALL}},
    "staff_account": {"identity": {"execute": ALL}},
    "staff_position": {
        "identity": {"select": ALL, "insert": "position_id person_id since key_id unit sealed", "update": "ended_at"},
    },
    "thaid_request": {"identity": {"select": ALL, "insert": ALL, "delete": ALL}},
    "unit": {
        "intake": {"select": f"{UNIT} {REF_KEY}"},
        "reader": {"select": f"{UNIT} {REF_KEY}"},
        "identity": {"select": UNIT},
        "oversight": {"select": UNIT},
        "keys": {"select": f"hcode {REF_KEY}", "update": REF_KEY},
    },
    "upload_token": {"identity": {"select": ALL}},
}

Grant = tuple[str, str, str, str]
"""(table or function, role, privilege, column or "*")."""


def expected() -> set[Grant]:
    return {
        (thing, f"morprom_{role}", privilege, column)
        for thing, roles in GRANTS.items()
        for role, privileges in roles.items()
        for privilege, columns in privileges.items()
        for column in columns.split()
    }


async def granted(tx: Tx) -> set[Grant]:
    """Every grant on what is in our schema to anybody but its owner; PostgreSQL's own defaults counted too."""
    rows = await tx.fetch(
        "select c.relname, g.grantee, lower(g.privilege_type), '*' from pg_class c, aclexplode(c.relacl) g"
        "  where c.relnamespace = 'public'::regnamespace and g.grantee <> c.relowner"
        " union all select c.relname, g.grantee, lower(g.privilege_type), a.attname"
        "  from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) g"
        "  where c.relnamespace = 'public'::regnamespace and g.grantee <> c.relowner"
        " union all select p.proname, g.grantee, lower(g.privilege_type), '*' from pg_proc p,"
        "  aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g"
        "  where p.pronamespace = 'public'::regnamespace and g.grantee <> p.proowner"
    )
    names = {0: "public"} | {row[0]: row[1] for row in await tx.fetch("select oid, rolname from pg_roles")}
    return {(row[0], names[row[1]], row[2], row[3]) for row in rows}


async def test_grants_are_those_of_the_table_and_no_others(tx: Tx) -> None:
    found, wanted = await granted(tx), expected()
    assert sorted(found - wanted) == sorted(wanted - found) == []


async def test_roles_own_nothing_and_lend_each_other_nothing(tx: Tx) -> None:
    rows = await tx.fetch(
        "select rolname, rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls, rolcanlogin,"
        " exists (select from pg_auth_members where member = pg_roles.oid),"
        " exists (select from pg_class where relowner = pg_roles.oid),"
        " has_schema_privilege(oid, 'public', 'create') from pg_roles where rolname like 'morprom\\_%'"
        " and rolname <> current_user"
    )
    assert {tuple(row.values()) for row in rows} == {  # type: ignore[attr-defined]
        (f"morprom_{role}", False, True, False, False, False) for role in ROLES
    }


async def refused(url: str, role: Role, statement: str) -> bool:
    """Whether `role` is refused for want of a privilege. Any other error is raised."""
    database = await Database.connect(url.replace("morprom_owner@", "morprom_{role}@"), role, most=1)
    try:
        async with database.transaction() as tx:
            await tx.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return True
    finally:
        database.terminate()
    return False


async def those_who_may(url: str, statement: str) -> set[str]:
    return {str(role) for role in ROLES if not await refused(url, role, statement)}


@pytest.mark.parametrize(
    "statement",
    [
        "update history set unit = '99999'",
        "update history set at = now() where false",
        "delete from history",
        "truncate history",
        "insert into history (at, id, basis, outcome, key_id, unit, sealed)"
        " values (now(), gen_random_uuid(), 1, 1, 1, '', '')",
        "update history_batch set head = ''",
        "delete from history_batch",
        "truncate history_batch",
        "alter table history add column x int",
        "drop table history",
        "alter table history disable trigger all",
        "create table public.mine (x int)",
        "create function public.mine() returns int language sql as 'select 1'",
        "update document set sealed = ''",
        "update document set person_id = gen_random_uuid()",
        "update person set person_id = gen_random_uuid()",
        "insert into staff_position (may_read) values (true)",
        "update staff_position set may_read = true",
        "update staff_position set administers = 'platform'",
        "insert into client (client_id) values ('x')",
        "update client set redirect_uris = '{}'",
        "update client_change set what = ''",
        "select client_write(null, 'removed', 'x', null, null, null, null, null, null)",
        "select client_write(gen_random_uuid(), 'removed', 'x', null, null, null, null, null, null)",
        "insert into face_client (client_id) values ('x')",
        "update health_id_session set aal = '3'",
        "update disputed_visit set person_id = gen_random_uuid()",
        "delete from person",
        "delete from unit",
        "insert into unit (hcode) values ('1')",
        "insert into account (login) values ('x')",
        "update account set may_read = true",
        "update account set permissions = '{MOPH_PHR_HIE}'",
        "insert into upload_token (hcode) values ('1')",
        "update upload_token set revoked_at = null",
        "select * from schema_migration",
        "insert into schema_migration values (99, 'x', '', now())",
        "set role morprom_owner",
        "copy person to program 'cat'",
        "select pg_read_file('postgresql.conf')",
    ],
)
async def test_no_role_may(database_url: str, statement: str) -> None:
    assert await those_who_may(database_url, statement) == set()


@pytest.mark.parametrize(
    ("statement", "roles"),
    [
        ("select wrapped_key from person", "intake reader keys"),
        ("select ref_key from unit", "intake reader keys"),
        ("select sealed from document", "intake reader"),
        ("select * from person_identifier", "intake reader keys"),
        ("select person_id from ledger", "intake"),
        ("select count(*) from ledger where unit = '10670'", "intake oversight"),
        ("select refs from removal", "intake"),
        ("select mac from otp_grant", "reader"),
        ("select sealed from inbox_notice", "identity"),
        ("select sealed from history", "sealer"),
        ("select * from history_of(gen_random_uuid(), 1)", "identity"),
        ("select verifier from account", "identity"),
        ("select token_hash from upload_token", "identity"),
        ("update person set wrapped_key = ''", "keys"),
        ("delete from document", "intake"),
        ("select * from health_id_session", "identity"),
        ("select reason from disputed_visit", "intake reader"),
        ("select controls_write('90 d', gen_random_uuid(), 1, 1::smallint, '', '')", "reader"),
        ("select * from intake_look('{}', '{}', '{}', '{}', '{}', '{}')", "intake"),
    ],
)
async def test_only_these_roles_may(database_url: str, statement: str, roles: str) -> None:
    assert await those_who_may(database_url, statement) == set(roles.split())


@pytest.mark.parametrize(
    "table",
    ["person", "person_identifier", "document", "otp_grant", "inbox_notice", "removal", "health_id_session",
     "disputed_visit"],
)  # fmt: skip
@pytest.mark.parametrize("role", [Role.OVERSIGHT, Role.SEALER])
async def test_oversight_and_the_sealer_see_nothing_of_persons(database_url: str, role: Role, table: str) -> None:
    for statement in (f"select from {table}", f"select count(*) from {table}", f"delete from {table}"):
        assert await refused(database_url, role, statement)


@pytest.mark.parametrize("kind", [*map(str, KeyKind), SHARDS])
async def test_the_keys_role_can_rotate_every_kind(
    database: Database, database_url: str, ring: KeyRing, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("morprom.people.rotate.SHARDS", 2)
    monkeypatch.setattr("morprom.people.rotate.SHARD_BITS", 1)
    monkeypatch.setattr("morprom.people.model.SHARD_BITS", 1)
    somebody = Identifier(Scheme.CID, "199000000001" + str(check_digit("199000000001")))
    async with database.transaction() as tx:
        person = await ensure(tx, ring, somebody)
    keys = await Database.connect(database_url, Role.KEYS, most=1)
    lines = [line async for line in rotate(kind, keys, ring, 0.0)]
    await keys.close()
    assert lines
    async with database.transaction() as tx:
        found = await find(tx, ring, somebody)
    assert found and found.person_id == person.person_id and found.data_key.secret == person.data_key.secret
