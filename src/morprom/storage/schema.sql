-- The schema as it stands after every migration: what to read, never what to run.
-- A database is made by storage/migrations; tests/storage/test_schema.py applies this file to one empty database and
-- the migrations to another, and compares their catalogs. A migration changes both in the same commit; when they
-- differ, that test names what.
--
-- Rooms from the ground up: storage, units, audit, people, recordstore and intake, access, oversight; then who may do
-- what. Columns stand in the order in which rows are packed: wide and fixed first. Every comment begins with
-- sensitive=true where a value tells something of a person or opens something.

-- storage ------------------------------------------------------------------------------------------------------------

create table schema_migration (
    number int primary key,
    name text not null,
    digest bytea not null,
    applied_at timestamptz not null
);
comment on table schema_migration is 'sensitive=false: the migrations that were applied to this database';
comment on column schema_migration.number is 'sensitive=false: its number';
comment on column schema_migration.name is 'sensitive=false: its file, without .sql';
comment on column schema_migration.digest is 'sensitive=false: SHA-256 of the file, so that an edited one is noticed';
comment on column schema_migration.applied_at is 'sensitive=false: when';

-- units --------------------------------------------------------------------------------------------------------------
-- Units (hospitals), the accounts and upload tokens they sign in with, and the throttle of signing in.

create table unit (
    hcode text primary key check (hcode ~ '^([0-9]{5}|[0-9A-Z]{9})$'),
    name text not null,
    type text not null,
    province text,
    district text not null,
    region smallint check (region between 1 and 13),
    beds int check (beds >= 0),
    is_test boolean not null,
    ref_key bytea not null,
    ref_key_wrap_id int not null,
    changed_at timestamptz not null default clock_timestamp()
);
create index unit_changed_at on unit (changed_at);
comment on table unit is 'sensitive=false: hospitals and other units that send or read visits';
comment on column unit.hcode is 'sensitive=false: hospital code, 5 digits or the older 9 characters';
comment on column unit.name is 'sensitive=false: its name in Thai';
comment on column unit.type is 'sensitive=false: its type as the ministry''s list words it';
comment on column unit.province is 'sensitive=false: DOPA code of the province, 2 digits';
comment on column unit.district is 'sensitive=false: name of the district';
comment on column unit.region is 'sensitive=false: health region, 1 to 13';
comment on column unit.beds is 'sensitive=false: beds in use';
comment on column unit.is_test is 'sensitive=false: one of the ministry''s test hospitals';
comment on column unit.ref_key is 'sensitive=true: the unit''s ref key, wrapped (AES-KWP)';
comment on column unit.ref_key_wrap_id is 'sensitive=false: id of the unit_wrap key that wraps it';
comment on column unit.changed_at is 'sensitive=false: when the row last changed, for caches';

create table account (
    account_id uuid primary key,
    hcode text not null references unit,
    login text not null,
    name text not null,
    permissions text[] not null,
    may_send boolean not null,
    may_read boolean not null,
    generation int not null default 1,
    disabled_at timestamptz,
    verifier text not null,
    is_personal boolean not null default false,
    unique (hcode, login)
);
comment on table account is 'sensitive=false: what software and staff of a unit sign in with at the Account Center';
comment on column account.account_id is 'sensitive=false: random identifier';
comment on column account.hcode is 'sensitive=false: the unit it belongs to';
comment on column account.login is 'sensitive=true: the user name, unique within the unit';
comment on column account.name is 'sensitive=true: who or what uses it';
comment on column account.permissions is 'sensitive=false: the ministry''s permission names';
comment on column account.may_send is 'sensitive=false: whether it may upload and remove';
comment on column account.may_read is 'sensitive=false: whether it may ask for and use codes';
comment on column account.generation is 'sensitive=false: raised to end every token issued before';
comment on column account.disabled_at is 'sensitive=false: since when it may not sign in';
comment on column account.verifier is 'sensitive=true: Argon2id of the lower-cased password hash';
comment on column account.is_personal is 'sensitive=false: whether it is one member of staff, who signed in as themselves';

create table upload_token (
    token_id uuid primary key,
    hcode text not null references unit,
    token_hash bytea not null unique check (length(token_hash) = 32),
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create unique index upload_token_of_unit on upload_token (hcode) where revoked_at is null;
comment on table upload_token is 'sensitive=false: the long-lived tokens that may upload visits and nothing else';
comment on column upload_token.token_id is 'sensitive=false: random identifier';
comment on column upload_token.hcode is 'sensitive=false: the unit it sends for; one live token a unit';
comment on column upload_token.token_hash is 'sensitive=true: SHA-256 of the 256-bit token';
comment on column upload_token.expires_at is 'sensitive=false: a year after it was made';
comment on column upload_token.revoked_at is 'sensitive=false: when it was revoked or replaced';

create table sign_in_attempt (
    subject bytea primary key check (length(subject) = 32),
    failures int not null,
    open_at timestamptz not null,
    attempted_at timestamptz not null
);
create index sign_in_attempt_attempted_at on sign_in_attempt (attempted_at);
comment on table sign_in_attempt is 'sensitive=false: failed sign-ins in a row, by account and by address';
comment on column sign_in_attempt.subject is 'sensitive=true: SHA-256 of what is throttled: account, address, or both';
comment on column sign_in_attempt.failures is 'sensitive=false: attempts since the last success';
comment on column sign_in_attempt.open_at is 'sensitive=false: when the next attempt may be made';
comment on column sign_in_attempt.attempted_at is 'sensitive=false: the latest attempt';

-- audit --------------------------------------------------------------------------------------------------------------
-- The history of every access and change, and the signed tree that it is sealed into. Insert-only: no role may update or
-- delete. The nonce of the sealed part salts the row's leaf; one index suffices, since equal persons share an entry of
-- it and their rows are ordered by id when read.

create table history (
    at timestamptz not null default clock_timestamp(),
    txid bigint not null default pg_current_xact_id()::text::bigint,
    id uuid not null,
    person_id uuid,
    actor uuid,
    basis smallint not null,
    outcome smallint not null,
    key_id smallint not null,
    unit text not null,
    sealed bytea not null
);
create index history_person_id on history (person_id) where person_id is not null;
create index history_txid on history using brin (txid) with (pages_per_range = 32, autosummarize = on);
comment on table history is 'sensitive=true: one row per upload, read, refusal and change';
comment on column history.at is 'sensitive=false: when, by the database''s clock';
comment on column history.txid is 'sensitive=false: the transaction that wrote it; orders rows for the tree';
comment on column history.id is 'sensitive=false: UUIDv7; the number of the receipt';
comment on column history.person_id is 'sensitive=true: whose record; null when the person is not known';
comment on column history.actor is 'sensitive=true: the account that acted; null for the owner and the operator';
comment on column history.basis is 'sensitive=false: on what ground (audit.Basis)';
comment on column history.outcome is 'sensitive=false: what came of it (audit.Outcome)';
comment on column history.key_id is 'sensitive=false: the person''s data key, or the ring''s history key, that sealed it';
comment on column history.unit is 'sensitive=false: hcode of the acting unit, empty when none';
comment on column history.sealed is 'sensitive=true: audit.Content, sealed: nonce (12), ciphertext, tag (16)';

create table history_batch (
    day date not null,
    first_position bigint not null,
    count int not null check (count > 0),
    upto_txid bigint not null,
    upto_id uuid not null,
    key_id smallint not null,
    sealed_at timestamptz not null default clock_timestamp(),
    leaves bytea not null check (length(leaves) = 32 * count),
    peaks bytea not null,
    head text not null,
    primary key (day, first_position)
);
create unique index history_batch_upto on history_batch (upto_txid, upto_id);
alter table history_batch alter column leaves set storage external; -- hashes do not compress
comment on table history_batch is 'sensitive=false: rows of history in order, as leaves of the day''s Merkle tree (RFC 9162)';
comment on column history_batch.day is 'sensitive=false: the day (Bangkok) whose tree it extends';
comment on column history_batch.first_position is 'sensitive=false: position in that tree of its first leaf';
comment on column history_batch.count is 'sensitive=false: how many leaves';
comment on column history_batch.upto_txid is 'sensitive=false: txid of its last row';
comment on column history_batch.upto_id is 'sensitive=false: id of its last row';
comment on column history_batch.key_id is 'sensitive=false: the head_signing key that signed the head';
comment on column history_batch.sealed_at is 'sensitive=false: when it was sealed';
comment on column history_batch.leaves is 'sensitive=false: salted hashes of the rows, 32 bytes each; they stay when a row is erased';
comment on column history_batch.peaks is 'sensitive=false: roots of the perfect subtrees after this batch, largest first';
comment on column history_batch.head is 'sensitive=false: the signed head after this batch (C2SP tlog-checkpoint)';

-- people -------------------------------------------------------------------------------------------------------------
-- Who a number means, the key to everything of a person, and the inbox where notices wait for them.

create table person (
    person_id uuid primary key,
    shard_version int not null,
    key_id smallint not null,
    wrapped_key bytea not null
);
comment on table person is 'sensitive=true: one row a person; the data key that opens everything of theirs, wrapped';
comment on column person.person_id is 'sensitive=true: random; its first 12 bits name the shard whose key wraps the data key';
comment on column person.shard_version is 'sensitive=false: version of the shard key that wraps the data key';
comment on column person.key_id is 'sensitive=false: number of the data key, as blobs name it';
comment on column person.wrapped_key is 'sensitive=true: the data key under the shard key (AES-KWP)';

create table person_identifier (
    person_id uuid not null,
    scheme smallint not null,
    pepper_id smallint not null,
    issuer text not null,
    value_hmac bytea not null primary key,
    value_sealed bytea not null
);
create index person_identifier_person on person_identifier (person_id);
create index person_identifier_pepper on person_identifier (pepper_id);
comment on table person_identifier is 'sensitive=true: which number means which person; rewritten when the pepper rotates';
comment on column person_identifier.person_id is 'sensitive=true: the person';
comment on column person_identifier.scheme is 'sensitive=false: 1 citizen number, 2 a number that the issuer made up';
comment on column person_identifier.pepper_id is 'sensitive=false: the pepper of value_hmac';
comment on column person_identifier.issuer is 'sensitive=false: the hospital whose number it is; empty for the state';
comment on column person_identifier.value_hmac is 'sensitive=true: HMAC-SHA256(pepper, scheme, issuer, value)';
comment on column person_identifier.value_sealed is 'sensitive=true: the number under the person''s data key';

create table inbox_notice (
    notice_id uuid primary key,
    person_id uuid not null,
    at timestamptz not null default clock_timestamp(),
    sealed bytea not null
);
create index inbox_notice_person on inbox_notice (person_id);
comment on table inbox_notice is 'sensitive=true: notices of a person, with or without account';
comment on column inbox_notice.notice_id is 'sensitive=false: UUIDv7';
comment on column inbox_notice.person_id is 'sensitive=true: whose';
comment on column inbox_notice.at is 'sensitive=false: when';
comment on column inbox_notice.sealed is 'sensitive=true: the notice under the person''s data key';

-- recordstore and intake ---------------------------------------------------------------------------------------------
-- A person's sealed documents, and each hospital's ledger of the visits it has sent.

create table document (
    person_id uuid not null,
    received_at timestamptz not null default now(),
    held_until timestamptz,
    version int not null,
    kind smallint not null,
    key_id smallint not null,
    hold_id uuid,
    unit text not null,
    ref bytea not null,
    content_hash bytea not null,
    sealed bytea not null,
    primary key (person_id, kind, ref, version)
);
alter table document alter column sealed set storage external;
create index document_held on document (held_until) where held_until is not null;
comment on table document is 'sensitive=true: a person''s record, one sealed document a row, superseded and removed ones until held_until';
comment on column document.person_id is 'sensitive=true: the person';
comment on column document.received_at is 'sensitive=false: when this version arrived';
comment on column document.held_until is 'sensitive=false: null for what counts; else when a superseded or removed version is purged';
comment on column document.version is 'sensitive=false: 1, 2, … of this document';
comment on column document.kind is 'sensitive=false: 1 patient, 2 visit, 3 allergy list, 4 chronic register, 5 immunization, 6 reported allergy, 7 referral, 8 self observation, 9 owner''s controls, 10 caregiver, 11 cared for, 12 prescription, 13 drug-related problem';
comment on column document.key_id is 'sensitive=false: the data key that opens it';
comment on column document.hold_id is 'sensitive=false: the legal hold that stops purge and erasure';
comment on column document.unit is 'sensitive=false: the hospital that sent it';
comment on column document.ref is 'sensitive=true: the hospital''s ref under its own key, 16 bytes';
comment on column document.content_hash is 'sensitive=true: keyed hash of the content, 16 bytes';
comment on column document.sealed is 'sensitive=true: the content, sealed; storage/seal.py has the format';

create table ledger (
    person_id uuid not null,
    removed_at timestamptz,
    day date,
    version int not null,
    is_inpatient boolean not null,
    unit text not null,
    ref bytea not null,
    content_hash bytea not null,
    kind smallint not null,
    label bytea,
    primary key (unit, ref)
);
create index ledger_day on ledger (unit, day);
create index ledger_removed on ledger (removed_at) where removed_at is not null;
create index ledger_register on ledger (unit) where kind = 4 and removed_at is null;
comment on table ledger is 'sensitive=true: what each hospital has sent under numbers of its own, for its own reconciliation';
comment on column ledger.person_id is 'sensitive=true: whose it is';
comment on column ledger.removed_at is 'sensitive=false: when the hospital took it back; null while it counts';
comment on column ledger.day is 'sensitive=true: local day on which a visit began, or of which an item is; null when it says none';
comment on column ledger.version is 'sensitive=false: version of the document that counts';
comment on column ledger.is_inpatient is 'sensitive=true: a stay, counted apart from the visits of the day; false for what is no visit';
comment on column ledger.unit is 'sensitive=false: the hospital';
comment on column ledger.ref is 'sensitive=true: the ref under the hospital''s key (AES-SIV), which only that key reads back';
comment on column ledger.content_hash is 'sensitive=true: keyed hash of the content that counts';
comment on column ledger.kind is 'sensitive=false: kind of the document, as in document.kind';
comment on column ledger.label is 'sensitive=true: a register''s disease code under the hospital''s key, with a nonce, so that equality does not show';

create table removal (
    removal_id uuid primary key,
    unit text not null,
    account_id uuid,
    requested_at timestamptz not null default now(),
    state smallint not null,
    decided_at timestamptz,
    reason text not null,
    refs bytea[] not null,
    kind smallint not null
);
create index removal_unit on removal (unit, requested_at);
comment on table removal is 'sensitive=true: every removal a hospital asked for, held ones included';
comment on column removal.removal_id is 'sensitive=false: time-ordered number of the request';
comment on column removal.unit is 'sensitive=false: the hospital';
comment on column removal.account_id is 'sensitive=false: who asked';
comment on column removal.requested_at is 'sensitive=false: when';
comment on column removal.state is 'sensitive=false: 1 done, 2 held for confirmation, 3 refused, 4 restored';
comment on column removal.decided_at is 'sensitive=false: when a held one was confirmed or refused, or a done one restored';
comment on column removal.reason is 'sensitive=false: the call that asked: RemoveEncounter, UpdatePHRv1 scope ALL, …';
comment on column removal.refs is 'sensitive=true: the items, refs under the hospital''s key';
comment on column removal.kind is 'sensitive=false: kind of what is removed, as in document.kind';

-- One look before a batch is sealed: people by identifier, ledger rows by ref, and the state of the documents that
-- a person has one of per hospital. `tag` tells the three apart.
create function intake_look(
    p_hmac bytea[], v_unit text[], v_ref bytea[], s_hmac bytea[], s_kind smallint[], s_ref bytea[]
) returns table (tag smallint, key bytea, unit text, person_id uuid, version int, key_id smallint, b bytea, flag boolean)
language sql stable as $$
    select 1::smallint, i.value_hmac, ''::text, p.person_id, p.shard_version, p.key_id, p.wrapped_key, false
        from unnest(p_hmac) as asked(value_hmac)
        join person_identifier i using (value_hmac)
        join person p using (person_id)
    union all
    select 2::smallint, l.ref, l.unit, l.person_id, l.version, 0::smallint, l.content_hash, l.removed_at is not null
        from unnest(v_unit, v_ref) as asked(unit, ref)
        join ledger l using (unit, ref)
    union all
    select 3::smallint, d.ref, d.unit, d.person_id, d.version, d.kind, d.content_hash, d.held_until is not null
        from unnest(s_hmac, s_kind, s_ref) as asked(value_hmac, kind, ref)
        join person_identifier i using (value_hmac)
        join lateral (
            select * from document d
            where d.person_id = i.person_id and d.kind = asked.kind and d.ref = asked.ref
            order by d.version desc limit 1
        ) d on true
$$;
comment on function intake_look is 'the look before a batch is sealed';

-- One call writes a whole batch. It raises serialization_failure when the look is no longer true; the writer looks
-- and seals again. Erasure and re-keying take the same advisory lock alone, so no upload can slip under them.
create function intake_write(
    hold interval,
    p_person uuid[], p_shard_version int[], p_key smallint[], p_wrapped bytea[],
    i_person uuid[], i_scheme smallint[], i_pepper smallint[], i_issuer text[], i_hmac bytea[], i_sealed bytea[],
    c_person uuid[], c_wrapped bytea[],
    l_person uuid[], l_day date[], l_version int[], l_inpatient boolean[], l_unit text[], l_ref bytea[], l_hash bytea[],
    l_kind smallint[], l_label bytea[],
    d_person uuid[], d_version int[], d_kind smallint[], d_key smallint[], d_unit text[], d_ref bytea[], d_hash bytea[],
    d_sealed bytea[],
    h_id uuid[], h_person uuid[], h_actor uuid[], h_basis smallint[], h_outcome smallint[], h_key smallint[],
    h_unit text[], h_sealed bytea[]
) returns void language plpgsql as $$
declare
    done int;
begin
    perform pg_advisory_xact_lock_shared(7101);
    if cardinality(p_person) > 0 then
        insert into person (person_id, shard_version, key_id, wrapped_key)
            select * from unnest(p_person, p_shard_version, p_key, p_wrapped);
        insert into person_identifier (person_id, scheme, pepper_id, issuer, value_hmac, value_sealed)
            select * from unnest(i_person, i_scheme, i_pepper, i_issuer, i_hmac, i_sealed) as i(a, b, c, d, hmac, e)
            order by hmac;
    end if;
    if cardinality(c_person) > 0 then
        select count(*) into done
            from unnest(c_person, c_wrapped) as c(person_id, wrapped_key) join person using (person_id, wrapped_key);
        if done <> cardinality(c_person) then
            raise serialization_failure using message = 'a person''s key changed';
        end if;
    end if;
    with put as (
        insert into ledger as l (person_id, day, version, is_inpatient, unit, ref, content_hash, kind, label)
            select * from unnest(l_person, l_day, l_version, l_inpatient, l_unit, l_ref, l_hash, l_kind, l_label)
                as v(person_id, day, version, is_inpatient, unit, ref, content_hash, kind, label)
            order by unit, ref
        on conflict (unit, ref) do update set
            person_id = excluded.person_id, day = excluded.day, version = excluded.version,
            is_inpatient = excluded.is_inpatient, content_hash = excluded.content_hash, label = excluded.label,
            removed_at = null
            where l.version = excluded.version - 1 and l.person_id = excluded.person_id and l.kind = excluded.kind
        returning coalesce(old.version, 0) as was, new.version as becomes
    )
    select count(*) into done from put where was = becomes - 1;
    if done <> cardinality(l_ref) then
        raise serialization_failure using message = 'an item changed meanwhile';
    end if;
    insert into document (person_id, version, kind, key_id, unit, ref, content_hash, sealed)
        select * from unnest(d_person, d_version, d_kind, d_key, d_unit, d_ref, d_hash, d_sealed);
    update document d set held_until = now() + hold
        from unnest(d_person, d_version, d_kind, d_ref) as n(person_id, version, kind, ref)
        where n.version > 1 and d.person_id = n.person_id and d.kind = n.kind and d.ref = n.ref
            and d.version = n.version - 1 and d.held_until is null;
    insert into history (id, person_id, actor, basis, outcome, key_id, unit, sealed)
        select * from unnest(h_id, h_person, h_actor, h_basis, h_outcome, h_key, h_unit, h_sealed);
end
$$;
comment on function intake_write is 'one batch, written in one call';

-- The reader may add no document but an owner's settings, and of these only the version that follows the one it read.
create function controls_write(
    hold interval, p_person uuid, p_version int, p_key smallint, p_hash bytea, p_sealed bytea
) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock_shared(7101);
    if p_version < 1 or not exists (select from person where person_id = p_person) then
        return false;
    end if;
    if p_version > 1 then
        update document set held_until = now() + hold
            where person_id = p_person and kind = 9 and ref = '' and version = p_version - 1 and held_until is null;
        if not found then
            return false;
        end if;
    elsif exists (select from document where person_id = p_person and kind = 9) then
        return false;
    end if;
    insert into document (person_id, version, kind, key_id, unit, ref, content_hash, sealed)
        values (p_person, p_version, 9, p_key, '', '', p_hash, p_sealed)
        on conflict do nothing;
    return found;
end
$$;
comment on function controls_write is 'the next version of an owner''s settings; false when another came first';

-- The lines stay sealed for who signs people in; the person's key, which opens them, is the reader's to use.
create function history_of(p_person uuid, most int) returns setof history
    language sql stable security definer set search_path = public, pg_temp
    as 'select * from history where person_id = p_person order by at desc, id desc limit least(most, 1000)';
comment on function history_of is 'a person''s latest lines, newest first';

-- access -------------------------------------------------------------------------------------------------------------
-- One-time codes that open a record.

create table otp_grant (
    grant_id uuid primary key,
    person_id uuid not null,
    actor uuid not null,
    issued_at timestamptz not null default clock_timestamp(),
    first_used_at timestamptz,
    ended_at timestamptz,
    tries smallint not null default 0,
    key_id smallint not null,
    unit text not null,
    mac bytea not null check (length(mac) = 32),
    authenticated_at timestamptz,
    ground text not null default 'otp',
    ial text,
    aal text
);
create index otp_grant_person on otp_grant (person_id, issued_at);
comment on table otp_grant is 'sensitive=true: codes asked for, and the grants they became; kept two days for the throttle';
comment on column otp_grant.grant_id is 'sensitive=false: random; lines of history name it';
comment on column otp_grant.person_id is 'sensitive=true: whose record it opens';
comment on column otp_grant.actor is 'sensitive=true: the only account that may use it';
comment on column otp_grant.issued_at is 'sensitive=false: when it was asked for; its life is counted from here';
comment on column otp_grant.first_used_at is 'sensitive=false: when the right code first came; null while unused';
comment on column otp_grant.ended_at is 'sensitive=false: ended before its time, by the owner or a newer request';
comment on column otp_grant.tries is 'sensitive=false: wrong codes so far, and right ones still being answered';
comment on column otp_grant.key_id is 'sensitive=false: the otp key of mac';
comment on column otp_grant.unit is 'sensitive=false: hcode of the only unit that may use it';
comment on column otp_grant.mac is 'sensitive=true: HMAC-SHA256(otp key, grant_id, code)';
comment on column otp_grant.authenticated_at is 'sensitive=false: when the owner had signed in, where a sign-in stands behind the code';
comment on column otp_grant.ground is 'sensitive=false: where the code came from: otp, card, card-reported, health-id-code';
comment on column otp_grant.ial is 'sensitive=false: identity assurance of the owner, or of the sign-in behind the code, at issue';
comment on column otp_grant.aal is 'sensitive=false: authenticator assurance likewise';

-- identity -----------------------------------------------------------------------------------------------------------
-- Health ID sessions, and what owners decided about visits, for the hospitals that sent them.

create table health_id_session (
    jti uuid primary key,
    person_id uuid not null,
    authenticated_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    client_id text not null,
    scopes text[] not null,
    ial text not null,
    aal text not null,
    account_session uuid
);
create index health_id_session_person on health_id_session (person_id, ends_at);
create index health_id_session_account on health_id_session (account_session);
comment on table health_id_session is 'sensitive=true: in which somebody signed in elsewhere acts through a program; its token names it and no more';
comment on column health_id_session.jti is 'sensitive=false: random; the token''s jti';
comment on column health_id_session.person_id is 'sensitive=true: who signed in';
comment on column health_id_session.ends_at is 'sensitive=false: when it is over by itself';
comment on column health_id_session.ended_at is 'sensitive=false: when it was ended before its time';
comment on column health_id_session.client_id is 'sensitive=true: the program; the token''s audience';
comment on column health_id_session.scopes is 'sensitive=false: what the owner granted the program';
comment on column health_id_session.account_session is 'sensitive=false: the sign-in behind it: its levels are this session''s, and its end too; null where it was simulated';
comment on column health_id_session.authenticated_at is 'sensitive=false: when somebody last signed in, where no sign-in stands behind it';
comment on column health_id_session.ial is 'sensitive=false: identity assurance, where no sign-in stands behind it';
comment on column health_id_session.aal is 'sensitive=false: authenticator assurance, where no sign-in stands behind it';

create table disputed_visit (
    person_id uuid not null,
    masked_at timestamptz,
    reported_at timestamptz,
    seen_at timestamptz,
    unit text not null,
    ref bytea not null,
    reason bytea,
    primary key (unit, ref, person_id)
);
comment on table disputed_visit is 'sensitive=true: visits that their owner hid or reported as wrong, for the hospital that sent them';
comment on column disputed_visit.person_id is 'sensitive=true: the owner; it counts while the ledger says that the visit is theirs';
comment on column disputed_visit.masked_at is 'sensitive=false: when the owner hid it; null while it is shown';
comment on column disputed_visit.reported_at is 'sensitive=false: when the owner reported it as wrong; null when they did not';
comment on column disputed_visit.seen_at is 'sensitive=false: when the hospital first saw it in its list';
comment on column disputed_visit.unit is 'sensitive=false: the hospital';
comment on column disputed_visit.ref is 'sensitive=true: the ref under the hospital''s key, as the ledger has it';
comment on column disputed_visit.reason is 'sensitive=true: the owner''s words, sealed under the hospital''s key';

-- oversight ----------------------------------------------------------------------------------------------------------
-- What units tell of their sending: which agent sends now, and how many visits the hospital itself counts.

create table agent_status (
    hcode text primary key references unit,
    computer_name text not null,
    status text not null,
    agent_version text not null,
    newest_version text not null,
    reported_at timestamptz not null,
    error text,
    error_at timestamptz
);
comment on table agent_status is 'sensitive=false: the agent that sends for a hospital; one at a time';
comment on column agent_status.hcode is 'sensitive=false: the hospital';
comment on column agent_status.computer_name is 'sensitive=false: name of the computer it runs on';
comment on column agent_status.status is 'sensitive=false: what it says it is doing';
comment on column agent_status.agent_version is 'sensitive=false: its version';
comment on column agent_status.newest_version is 'sensitive=false: the newest version it knows of';
comment on column agent_status.reported_at is 'sensitive=false: its latest report';
comment on column agent_status.error is 'sensitive=true: what it said last that went wrong, in its own words';
comment on column agent_status.error_at is 'sensitive=false: when it said so';

create table hospital_count (
    hcode text not null references unit,
    day date not null,
    opd_encounters int check (opd_encounters >= 0),
    ipd_encounters int check (ipd_encounters >= 0),
    ipd_discharges int check (ipd_discharges >= 0),
    received_at timestamptz not null,
    primary key (hcode, day)
);
comment on table hospital_count is 'sensitive=false: the visits of a day as the hospital itself counts them';
comment on column hospital_count.hcode is 'sensitive=false: the hospital';
comment on column hospital_count.day is 'sensitive=false: the local day';
comment on column hospital_count.opd_encounters is 'sensitive=false: outpatient visits';
comment on column hospital_count.ipd_encounters is 'sensitive=false: admissions';
comment on column hospital_count.ipd_discharges is 'sensitive=false: discharges';
comment on column hospital_count.received_at is 'sensitive=false: when the hospital last said so';

-- codes ---------------------------------------------------------------------------------------------------------------
-- Code systems that were imported.

create table code_system (
    import_id uuid primary key,
    system text not null check (system ~ '^[a-z][a-z0-9_]{1,63}$'),
    version text not null,
    published_on date not null,
    title_th text not null,
    title_en text not null,
    source text not null,
    count int not null check (count >= 0),
    digest bytea not null check (length(digest) = 32),
    rows bytea,
    imported_at timestamptz not null default clock_timestamp(),
    replaced_at timestamptz,
    check ((rows is null) = (replaced_at is not null))
);
alter table code_system alter column rows set storage external;
create unique index code_system_in_use on code_system (system) where replaced_at is null;
comment on table code_system is 'sensitive=false: imported code systems, one row a version; former versions keep no codes';
comment on column code_system.import_id is 'sensitive=false: UUIDv7';
comment on column code_system.system is 'sensitive=false: its name on the wire';
comment on column code_system.version is 'sensitive=false: as its publisher words it';
comment on column code_system.published_on is 'sensitive=false: the day of that version';
comment on column code_system.title_th is 'sensitive=false: what it is, in Thai';
comment on column code_system.title_en is 'sensitive=false: what it is, in English';
comment on column code_system.source is 'sensitive=false: where it comes from';
comment on column code_system.count is 'sensitive=false: how many codes';
comment on column code_system.digest is 'sensitive=false: SHA-256 of the codes as JSON, for caches';
comment on column code_system.rows is 'sensitive=false: the codes, a JSON array in zstd; null once replaced';
comment on column code_system.imported_at is 'sensitive=false: when';
comment on column code_system.replaced_at is 'sensitive=false: when another version took its place, or it was removed';

-- pasteboard ----------------------------------------------------------------------------------------------------------
-- Notes that are read once.

create table paste (
    code_hash bytea primary key check (length(code_hash) = 32),
    hcode text not null references unit,
    expires_at timestamptz not null,
    sealed bytea not null
);
create index paste_of_unit on paste (hcode, expires_at);
create index paste_expires_at on paste (expires_at);
comment on table paste is 'sensitive=true: notes that one programme of a hospital leaves for another; gone when read, or after an hour';
comment on column paste.code_hash is 'sensitive=false: SHA-256 of the code, which is 122 random bits and kept nowhere';
comment on column paste.hcode is 'sensitive=false: the hospital that left it; no other reads it';
comment on column paste.expires_at is 'sensitive=false: an hour after it was left';
comment on column paste.sealed is 'sensitive=true: what was left, under a key derived from the code';

-- the ID-card flow ----------------------------------------------------------------------------------------------------
-- The registry of clients of every dialect; the codes of the card page and their tokens.

create table client (
    client_id text primary key,
    hcode text not null references unit,
    name text not null,
    redirect_uris text[] not null check (cardinality(redirect_uris) > 0),
    secret_hash bytea check (length(secret_hash) = 32),
    registered_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz,
    kind text not null default 'card',
    terms jsonb,
    disabled_at timestamptz
);
comment on table client is 'sensitive=false: programmes of units that people are signed in to, or show their ID card';
comment on column client.client_id is 'sensitive=false: random identifier';
comment on column client.hcode is 'sensitive=false: the unit whose programme it is';
comment on column client.name is 'sensitive=false: the programme, as pages show it';
comment on column client.redirect_uris is 'sensitive=false: where a code may be sent, letter for letter';
comment on column client.secret_hash is 'sensitive=true: SHA-256 of the 256-bit secret; null where it signs with a key of its own';
comment on column client.registered_at is 'sensitive=false: when';
comment on column client.revoked_at is 'sensitive=false: since when it may ask for nothing';
comment on column client.kind is 'sensitive=false: the dialect it speaks: card, openid, or a face; it is known to no other';
comment on column client.terms is 'sensitive=false: what that dialect needs to know of it, its public keys included';
comment on column client.disabled_at is 'sensitive=false: since when it may ask for nothing for now';

create table card_code (
    code_hash bytea primary key check (length(code_hash) = 32),
    client_id text not null references client,
    person_id uuid not null,
    redirect_uri text not null,
    challenge text,
    cid_sealed bytea not null,
    issued_at timestamptz not null default clock_timestamp(),
    presented_at timestamptz,
    token_hash bytea unique check (length(token_hash) = 32),
    token_at timestamptz,
    tries smallint not null default 0,
    ended_at timestamptz,
    grant_id uuid,
    is_vouched boolean not null default false
);
create index card_code_issued_at on card_code (issued_at);
comment on table card_code is 'sensitive=true: codes of the card page, and the access token that each became; kept a day';
comment on column card_code.code_hash is 'sensitive=false: SHA-256 of the 256-bit code';
comment on column card_code.client_id is 'sensitive=false: the only client that may use it';
comment on column card_code.person_id is 'sensitive=true: whose card was shown';
comment on column card_code.redirect_uri is 'sensitive=false: where the code was sent, and what the client must name again';
comment on column card_code.challenge is 'sensitive=false: PKCE challenge, S256; null without PKCE';
comment on column card_code.cid_sealed is 'sensitive=true: the card''s number, under a key derived from the code';
comment on column card_code.issued_at is 'sensitive=false: when; it lives for a minute';
comment on column card_code.presented_at is 'sensitive=false: when it first came back, whatever came of it';
comment on column card_code.token_hash is 'sensitive=false: SHA-256 of the 256-bit access token; null while there is none';
comment on column card_code.token_at is 'sensitive=false: when the token was made; it lives for five minutes';
comment on column card_code.tries is 'sensitive=false: how often the token came';
comment on column card_code.ended_at is 'sensitive=false: when code and token ended: used, presented twice or by somebody else';
comment on column card_code.is_vouched is 'sensitive=false: whether a station of the unit signed the reading and DOPA says that the card is valid';
comment on column card_code.grant_id is 'sensitive=false: the one-time code that its token was turned into';

-- What vendors tried at a test hospital in the last day: which calls and shapes, and when last.
create table exercise (
    hcode text not null references unit,
    item text not null,
    last_at timestamptz not null,
    primary key (hcode, item)
);
comment on table exercise is 'sensitive=false: calls and shapes of uploads that a test hospital has tried; kept a day';
comment on column exercise.hcode is 'sensitive=false: the test hospital';
comment on column exercise.item is 'sensitive=false: which item of the checklist, or which call was refused';
comment on column exercise.last_at is 'sensitive=false: when it was last seen';

-- What people sign in with, sealed under keys of its own: who signs people in opens nobody's record.
create table person_account (
    person_id uuid primary key,
    opened_at timestamptz not null,
    t4_opens_at timestamptz not null,
    frozen_at timestamptz,
    ial text not null,
    ial_table text not null,
    ial_until date
);
create index person_account_ial_until on person_account (ial_until) where ial_until is not null;
create index person_account_ial_table on person_account (ial_table);
comment on table person_account is 'sensitive=true: who has an account; opened by redeeming a proofing alone';
comment on column person_account.person_id is 'sensitive=true: whose';
comment on column person_account.opened_at is 'sensitive=false: when it was first opened';
comment on column person_account.t4_opens_at is 'sensitive=false: when tier 4 opens: a day after the latest redemption';
comment on column person_account.frozen_at is 'sensitive=false: when a fraud report or a death stopped it; null while it works';
comment on column person_account.ial is 'sensitive=false: identity assurance, derived from the proofing events that count';
comment on column person_account.ial_table is 'sensitive=false: the table by which it was derived';
comment on column person_account.ial_until is 'sensitive=false: last day of the card behind ial, after which it counts for nothing; null without a day';

create function codes_end() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update otp_grant set ended_at = clock_timestamp() where person_id = new.person_id and ended_at is null;
    return null;
end
$$;
comment on function codes_end is 'codes that a person gave, or that their card or sign-in gave, end when their account is frozen';
create trigger codes_end after update of frozen_at on person_account
    for each row when (old.frozen_at is null and new.frozen_at is not null) execute function codes_end();

create table authenticator (
    authenticator_id uuid primary key,
    person_id uuid not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    ended_at timestamptz,
    counter bigint not null default 0,
    kind smallint not null,
    key_id smallint not null,
    credential_id bytea unique,
    sealed bytea not null,
    rp_id text
);
create index authenticator_person on authenticator (person_id);
comment on table authenticator is 'sensitive=true: passkeys, code generators, PINs and recovery codes';
comment on column authenticator.authenticator_id is 'sensitive=false: random';
comment on column authenticator.person_id is 'sensitive=true: whose';
comment on column authenticator.created_at is 'sensitive=false: when it was bound';
comment on column authenticator.last_used_at is 'sensitive=false: when it last signed somebody in';
comment on column authenticator.ended_at is 'sensitive=false: when it was taken away; null while it works';
comment on column authenticator.counter is 'sensitive=false: signatures of a passkey, or the last 30 s step of a code generator';
comment on column authenticator.kind is 'sensitive=false: 1 passkey, 2 code generator, 3 PIN, 4 recovery codes';
comment on column authenticator.key_id is 'sensitive=false: the accounts key that seals it';
comment on column authenticator.credential_id is 'sensitive=true: a passkey''s own id, by which a sign-in finds it';
comment on column authenticator.sealed is 'sensitive=true: name and public key, secret, or verifiers, sealed';
comment on column authenticator.rp_id is 'sensitive=false: the host that a passkey was made for; null for what is no passkey';

create table contact (
    contact_id uuid primary key,
    person_id uuid not null,
    verified_at timestamptz not null,
    ended_at timestamptz,
    kind smallint not null,
    key_id smallint not null,
    sealed bytea not null
);
create index contact_person on contact (person_id);
comment on table contact is 'sensitive=true: where a person is told of what happens to their account';
comment on column contact.contact_id is 'sensitive=false: random';
comment on column contact.person_id is 'sensitive=true: whose';
comment on column contact.verified_at is 'sensitive=false: when a code sent there came back';
comment on column contact.ended_at is 'sensitive=false: when it was taken away';
comment on column contact.kind is 'sensitive=false: 1 mobile number, 2 LINE';
comment on column contact.key_id is 'sensitive=false: the accounts key that seals it';
comment on column contact.sealed is 'sensitive=true: the number or id, sealed';

create table person_session (
    session_id uuid primary key,
    person_id uuid not null,
    started_at timestamptz not null,
    authenticated_at timestamptz not null,
    last_seen_at timestamptz not null,
    ended_at timestamptz,
    key_id smallint not null,
    cookie_hash bytea not null unique check (length(cookie_hash) = 32),
    amr text[] not null,
    aal text not null,
    sealed bytea not null,
    ial_at_most text
);
create index person_session_person on person_session (person_id);
create index person_session_last_seen on person_session (last_seen_at);
comment on table person_session is 'sensitive=true: signed-in browsers';
comment on column person_session.session_id is 'sensitive=false: random; stays when the cookie changes';
comment on column person_session.person_id is 'sensitive=true: who';
comment on column person_session.started_at is 'sensitive=false: when it began; its whole life is counted from here';
comment on column person_session.authenticated_at is 'sensitive=false: when the person last showed an authenticator';
comment on column person_session.last_seen_at is 'sensitive=false: when it was last used; idleness is counted from here';
comment on column person_session.ended_at is 'sensitive=false: when it was ended';
comment on column person_session.key_id is 'sensitive=false: the accounts key that seals it';
comment on column person_session.cookie_hash is 'sensitive=true: SHA-256 of the cookie, 256 random bits';
comment on column person_session.amr is 'sensitive=false: what was done to sign in (RFC 8176)';
comment on column person_session.aal is 'sensitive=false: the level that comes to';
comment on column person_session.sealed is 'sensitive=true: the device as it names itself, and its network, sealed';
comment on column person_session.ial_at_most is 'sensitive=false: what the upstream said of this sign-in, which counts for no more; null for one with an authenticator bound here';

create table passkey_challenge (
    challenge_hash bytea primary key,
    person_id uuid,
    made_at timestamptz not null,
    purpose smallint not null
);
create index passkey_challenge_made_at on passkey_challenge (made_at);
comment on table passkey_challenge is 'sensitive=false: challenges to bind a passkey that were not answered yet, and those to sign in that were used';
comment on column passkey_challenge.challenge_hash is 'sensitive=false: SHA-256 of the challenge';
comment on column passkey_challenge.person_id is 'sensitive=true: for whom, where that was known';
comment on column passkey_challenge.made_at is 'sensitive=false: when it was made, or used to sign in; good for five minutes';
comment on column passkey_challenge.purpose is 'sensitive=false: 1 to bind a passkey, 2 to sign in';

create table contact_check (
    check_id uuid primary key,
    person_id uuid not null,
    started_at timestamptz not null,
    confirmed_at timestamptz,
    key_id smallint not null,
    purpose smallint not null,
    tries smallint not null default 0,
    cookie_hash bytea not null unique check (length(cookie_hash) = 32),
    sealed bytea not null
);
create index contact_check_started_at on contact_check (started_at);
comment on table contact_check is 'sensitive=true: codes that were sent to contacts and wait for an answer, for a quarter of an hour';
comment on column contact_check.check_id is 'sensitive=false: random';
comment on column contact_check.person_id is 'sensitive=true: whose';
comment on column contact_check.started_at is 'sensitive=false: when the code was sent';
comment on column contact_check.confirmed_at is 'sensitive=false: when it came back';
comment on column contact_check.key_id is 'sensitive=false: the accounts key that seals it';
comment on column contact_check.purpose is 'sensitive=false: 1 to add a contact, 2 to come back with a recovery code';
comment on column contact_check.tries is 'sensitive=false: wrong codes so far; five end it';
comment on column contact_check.cookie_hash is 'sensitive=true: SHA-256 of the browser''s cookie';
comment on column contact_check.sealed is 'sensitive=true: the contact and the code''s HMAC, sealed';

create table sign_in_event (
    event_id uuid primary key,
    person_id uuid not null,
    at timestamptz not null default clock_timestamp(),
    key_id smallint not null,
    sealed bytea not null
);
create index sign_in_event_person on sign_in_event (person_id, at);
comment on table sign_in_event is 'sensitive=true: what happened to an account, for its owner to read; kept a year';
comment on column sign_in_event.event_id is 'sensitive=false: UUIDv7';
comment on column sign_in_event.person_id is 'sensitive=true: whose account';
comment on column sign_in_event.at is 'sensitive=false: when';
comment on column sign_in_event.key_id is 'sensitive=false: the accounts key that seals it';
comment on column sign_in_event.sealed is 'sensitive=true: what happened, with what, from which device, sealed';

-- Proofing: what was done is kept, never a level.
create table card_station (
    station_id uuid primary key,
    enrolled_at timestamptz not null,
    ended_at timestamptz,
    enrolled_by uuid not null,
    unit text not null,
    name text not null,
    public_key bytea not null
);
create index card_station_unit on card_station (unit);
comment on table card_station is 'sensitive=false: counter computers whose card readings count';
comment on column card_station.station_id is 'sensitive=false: random';
comment on column card_station.enrolled_at is 'sensitive=false: when an officer enrolled it';
comment on column card_station.ended_at is 'sensitive=false: when it was taken away';
comment on column card_station.enrolled_by is 'sensitive=true: the officer, a person';
comment on column card_station.unit is 'sensitive=false: the unit whose counter it stands at';
comment on column card_station.name is 'sensitive=false: what the unit calls it';
comment on column card_station.public_key is 'sensitive=false: its P-256 key, SubjectPublicKeyInfo';

create table card_nonce (
    nonce_hash bytea primary key,
    station_id uuid not null,
    made_at timestamptz not null
);
create index card_nonce_made_at on card_nonce (made_at);
comment on table card_nonce is 'sensitive=false: nonces that were given out for one reading each';
comment on column card_nonce.nonce_hash is 'sensitive=false: SHA-256 of the nonce';
comment on column card_nonce.station_id is 'sensitive=false: for which station';
comment on column card_nonce.made_at is 'sensitive=false: when; good for 60 s';

create table proofing_case (
    case_id uuid primary key,
    officer uuid not null,
    second_officer uuid,
    started_at timestamptz not null,
    key_id smallint not null,
    unit text not null,
    sealed bytea not null
);
create index proofing_case_officer on proofing_case (officer);
create index proofing_case_unit on proofing_case (unit, started_at);
comment on table proofing_case is 'sensitive=true: cases that an officer has open; dropped when sealed, given up, or a day old';
comment on column proofing_case.case_id is 'sensitive=false: random';
comment on column proofing_case.officer is 'sensitive=true: who works on it, a person';
comment on column proofing_case.second_officer is 'sensitive=true: who confirmed it beside them';
comment on column proofing_case.started_at is 'sensitive=false: when';
comment on column proofing_case.key_id is 'sensitive=false: the accounts key that seals it';
comment on column proofing_case.unit is 'sensitive=false: at which unit';
comment on column proofing_case.sealed is 'sensitive=true: what was read and checked so far, sealed';

create table proofing_event (
    event_id uuid primary key,
    person_id uuid not null,
    officer uuid not null,
    second_officer uuid,
    at timestamptz not null,
    redeemed_at timestamptz,
    withdrawn_at timestamptz,
    photo_until timestamptz,
    counts_until date,
    key_id smallint not null,
    unit text not null,
    sealed bytea not null,
    photo bytea
);
alter table proofing_event alter column photo set storage external;
create index proofing_event_person on proofing_event (person_id);
create index proofing_event_officer on proofing_event (officer, at);
create index proofing_event_photo on proofing_event (photo_until) where photo is not null;
comment on table proofing_event is 'sensitive=true: who was proofed by whom, and what was checked';
comment on column proofing_event.event_id is 'sensitive=false: UUIDv7';
comment on column proofing_event.person_id is 'sensitive=true: who was proofed';
comment on column proofing_event.officer is 'sensitive=true: who proofed, a person; through ThaID the person themselves';
comment on column proofing_event.second_officer is 'sensitive=true: who confirmed it beside them';
comment on column proofing_event.at is 'sensitive=false: when it was sealed';
comment on column proofing_event.redeemed_at is 'sensitive=false: when its slip was redeemed; it counts from then';
comment on column proofing_event.withdrawn_at is 'sensitive=false: when it was withdrawn: fraud, a mistake';
comment on column proofing_event.photo_until is 'sensitive=false: when the chip''s photo goes';
comment on column proofing_event.counts_until is 'sensitive=false: when the card expires, and the event with it; null: never';
comment on column proofing_event.key_id is 'sensitive=false: the accounts key that seals it';
comment on column proofing_event.unit is 'sensitive=false: at which unit; empty: through ThaID';
comment on column proofing_event.sealed is 'sensitive=true: the atomic checks and what the card said, sealed';
comment on column proofing_event.photo is 'sensitive=true: the chip''s photo, sealed';

create table proofing_slip (
    slip_id uuid primary key,
    event_id uuid not null,
    person_id uuid not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    key_id smallint not null,
    tries smallint not null default 0,
    qr_hash bytea not null unique,
    digits_mac bytea not null,
    maker bytea[] not null
);
create index proofing_slip_person on proofing_slip (person_id);
comment on table proofing_slip is 'sensitive=true: printed slips that nobody has redeemed yet, and those that were, for a month';
comment on column proofing_slip.slip_id is 'sensitive=false: random';
comment on column proofing_slip.event_id is 'sensitive=false: what it redeems';
comment on column proofing_slip.person_id is 'sensitive=true: whose';
comment on column proofing_slip.made_at is 'sensitive=false: when it was printed; good for a day';
comment on column proofing_slip.ended_at is 'sensitive=false: redeemed, destroyed, or replaced by a later one';
comment on column proofing_slip.key_id is 'sensitive=false: the otp key of digits_mac';
comment on column proofing_slip.tries is 'sensitive=false: wrong digits so far; ten destroy it';
comment on column proofing_slip.qr_hash is 'sensitive=true: SHA-256 of the 128 bits in the QR code';
comment on column proofing_slip.digits_mac is 'sensitive=true: HMAC-SHA256(otp key, slip_id, digits)';
comment on column proofing_slip.maker is 'sensitive=true: hashes of the officer''s session, device and network, from which it may not be redeemed';

create table redemption (
    redemption_id uuid primary key,
    slip_id uuid not null,
    person_id uuid not null,
    started_at timestamptz not null,
    confirmed_at timestamptz,
    key_id smallint not null,
    tries smallint not null default 0,
    cookie_hash bytea not null unique,
    code_mac bytea not null
);
create index redemption_started_at on redemption (started_at);
comment on table redemption is 'sensitive=true: slips whose person is on their way to an account, for a quarter of an hour';
comment on column redemption.redemption_id is 'sensitive=false: random';
comment on column redemption.slip_id is 'sensitive=false: the slip';
comment on column redemption.person_id is 'sensitive=true: whose';
comment on column redemption.started_at is 'sensitive=false: when the slip was shown';
comment on column redemption.confirmed_at is 'sensitive=false: when the code to the contact came back';
comment on column redemption.key_id is 'sensitive=false: the otp key of code_mac';
comment on column redemption.tries is 'sensitive=false: wrong codes so far; five end it';
comment on column redemption.cookie_hash is 'sensitive=true: SHA-256 of the browser''s cookie';
comment on column redemption.code_mac is 'sensitive=true: HMAC-SHA256(otp key, redemption_id, code)';

-- Staff.
create table provider (
    person_id uuid primary key,
    listed_at timestamptz not null,
    ended_at timestamptz,
    key_id smallint not null,
    provider_id text not null unique,
    sealed bytea not null
);
comment on table provider is 'sensitive=true: staff who have a Provider ID';
comment on column provider.person_id is 'sensitive=true: who';
comment on column provider.listed_at is 'sensitive=false: when they were first listed';
comment on column provider.ended_at is 'sensitive=false: when their Provider ID ended; null while it works';
comment on column provider.key_id is 'sensitive=false: the accounts key that seals it';
comment on column provider.provider_id is 'sensitive=true: the number by which relying parties know them';
comment on column provider.sealed is 'sensitive=true: names, address of mail, date of birth, sealed';

create table staff_position (
    position_id uuid primary key,
    person_id uuid not null,
    since timestamptz not null,
    ended_at timestamptz,
    key_id smallint not null,
    unit text not null,
    sealed bytea not null,
    account_id uuid unique references account,
    permissions text[] not null default '{}',
    may_send boolean not null default false,
    may_read boolean not null default false,
    administers text not null default '' check (administers in ('', 'unit', 'platform'))
);
create index staff_position_person on staff_position (person_id);
create index staff_position_unit on staff_position (unit);
comment on table staff_position is 'sensitive=true: who works where as what';
comment on column staff_position.position_id is 'sensitive=false: random';
comment on column staff_position.person_id is 'sensitive=true: who';
comment on column staff_position.since is 'sensitive=false: since when it is listed';
comment on column staff_position.ended_at is 'sensitive=false: when it ended; null while it counts';
comment on column staff_position.key_id is 'sensitive=false: the accounts key that seals it';
comment on column staff_position.unit is 'sensitive=false: where';
comment on column staff_position.sealed is 'sensitive=true: the position, the licence and what it allows, sealed';
comment on column staff_position.account_id is 'sensitive=false: the account by which they act at the Account Center; null until they do';
comment on column staff_position.permissions is 'sensitive=false: the ministry''s permissions that go with the position';
comment on column staff_position.may_send is 'sensitive=false: whether they may upload and remove';
comment on column staff_position.may_read is 'sensitive=false: whether they may ask for and use codes';
comment on column staff_position.administers is 'sensitive=false: whose clients they look after: none, those of the unit, those of the platform';

-- Who signs people in may make the account of a position, but not decide what it may do: that is the operator's.
create function staff_account(p_position uuid) returns uuid
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    made uuid;
begin
    select account_id into made from staff_position
        where position_id = p_position and ended_at is null and permissions <> '{}' for update;
    if not found or made is not null then
        return made;
    end if;
    made := gen_random_uuid();
    insert into account (account_id, hcode, login, name, permissions, may_send, may_read, verifier, is_personal)
        select made, s.unit, p.provider_id || '/' || left(p_position::text, 8), p.provider_id, s.permissions, s.may_send,
            s.may_read, '', true
        from staff_position s join provider p using (person_id) join unit u on u.hcode = s.unit
        where s.position_id = p_position and p.ended_at is null;
    if not found then
        return null;
    end if;
    update staff_position set account_id = made where position_id = p_position;
    return made;
end
$$;
comment on function staff_account is 'the Account Center account of a position, made when there is none; null for a position that has none';

create function staff_account_ends() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update account a set generation = a.generation + 1, permissions = new.permissions, may_send = new.may_send,
        may_read = new.may_read, disabled_at = coalesce(a.disabled_at, new.ended_at)
        where a.account_id = new.account_id;
    return null;
end
$$;
comment on function staff_account_ends is 'the account of a position ends with it, and may do what the position may';
create trigger staff_account_ends after update of ended_at, permissions, may_send, may_read on staff_position
    for each row when (new.account_id is not null) execute function staff_account_ends();

create table client_change (
    change_id uuid primary key,
    client_id text not null references client,
    position_id uuid references staff_position,
    at timestamptz not null,
    what text not null,
    after jsonb not null
);
create index client_change_client on client_change (client_id, at);
comment on table client_change is 'sensitive=true: who changed the registry of clients';
comment on column client_change.change_id is 'sensitive=false: random';
comment on column client_change.client_id is 'sensitive=false: which client';
comment on column client_change.position_id is 'sensitive=true: in which position; null for the operator';
comment on column client_change.at is 'sensitive=false: when';
comment on column client_change.what is 'sensitive=false: added, changed, disabled, enabled, new-secret or removed';
comment on column client_change.after is 'sensitive=false: name, addresses and terms as they were from then on';

-- Who may change the registry decides the operator; whoever took over signing in can name nobody to it. Every change
-- is written down by the one function that makes changes.
create function client_write(
    p_actor uuid, p_what text, p_client text, p_hcode text, p_name text, p_uris text[], p_kind text, p_terms jsonb,
    p_secret bytea
) returns timestamptz
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    acts staff_position;
    known client;
    done timestamptz := clock_timestamp();
begin
    select * into acts from staff_position
        where position_id = p_actor and ended_at is null and administers <> '';
    if not found and (
        p_actor is not null or session_user <> current_user or current_setting('role') not in ('none', current_user)
    ) then
        raise insufficient_privilege using message = 'who changes a client has to be named to it';
    end if;
    if p_what = 'added' then
        insert into client (client_id, hcode, name, redirect_uris, secret_hash, registered_at, kind, terms)
            select p_client, hcode, p_name, p_uris, p_secret, done, p_kind, p_terms from unit where hcode = p_hcode;
    end if;
    select * into known from client where client_id = p_client and revoked_at is null for update;
    if not found then
        return null;
    end if;
    if acts.administers = 'unit' and acts.unit <> known.hcode or p_actor is not null and known.kind <> 'openid' then
        raise insufficient_privilege using message = 'this client is another''s to change';
    end if;
    case p_what
        when 'added' then null;
        when 'changed' then
            update client set name = p_name, redirect_uris = p_uris, terms = p_terms where client_id = p_client;
        when 'disabled' then update client set disabled_at = done where client_id = p_client;
        when 'enabled' then update client set disabled_at = null where client_id = p_client;
        when 'new-secret' then update client set secret_hash = p_secret where client_id = p_client;
        when 'removed' then update client set revoked_at = done where client_id = p_client;
    end case;
    insert into client_change (change_id, client_id, position_id, at, what, after)
        select gen_random_uuid(), c.client_id, p_actor, done, p_what,
            jsonb_build_object('name', c.name, 'redirect_uris', c.redirect_uris, 'terms', c.terms)
        from client c where c.client_id = p_client;
    return done;
end
$$;
comment on function client_write is 'adds or changes a client, and keeps who did and what it was then; null for an unknown unit or client';

-- OpenID Connect ------------------------------------------------------------------------------------------------------
-- Requests that wait, consents, sign-ins at clients and their tokens.

create table openid_request (
    request_hash bytea primary key check (length(request_hash) = 32),
    client_id text not null references client,
    pushed_hash bytea,
    made_at timestamptz not null,
    ends_at timestamptz not null,
    used_at timestamptz,
    sealed bytea not null
);
create index openid_request_ends_at on openid_request (ends_at);
comment on table openid_request is 'sensitive=true: requests that were pushed, or that wait for their person';
comment on column openid_request.request_hash is 'sensitive=false: SHA-256 of its reference, 256 random bits';
comment on column openid_request.client_id is 'sensitive=false: whose request';
comment on column openid_request.pushed_hash is 'sensitive=false: the pushed request behind it; empty for none; null for one that was pushed itself';
comment on column openid_request.made_at is 'sensitive=false: when';
comment on column openid_request.ends_at is 'sensitive=false: until when it counts';
comment on column openid_request.used_at is 'sensitive=false: when it was answered';
comment on column openid_request.sealed is 'sensitive=true: the request, under a key derived from its reference';

create table openid_grant (
    grant_id uuid primary key,
    person_id uuid not null,
    client_id text not null references client,
    granted_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    last_used_at timestamptz,
    scopes text[] not null,
    claims text[] not null,
    language text not null,
    ial text not null,
    aal text not null,
    text_hash bytea not null check (length(text_hash) = 32)
);
create index openid_grant_person on openid_grant (person_id, client_id);
comment on table openid_grant is 'sensitive=true: consents, each with its receipt; kept after they end';
comment on column openid_grant.grant_id is 'sensitive=false: random; the number of the receipt';
comment on column openid_grant.person_id is 'sensitive=true: whose consent';
comment on column openid_grant.client_id is 'sensitive=true: to whom';
comment on column openid_grant.granted_at is 'sensitive=false: when';
comment on column openid_grant.ends_at is 'sensitive=false: when it is asked for anew';
comment on column openid_grant.ended_at is 'sensitive=false: when it was taken back, or another took its place';
comment on column openid_grant.last_used_at is 'sensitive=false: when the client last had something by it';
comment on column openid_grant.scopes is 'sensitive=false: what was allowed';
comment on column openid_grant.claims is 'sensitive=false: single claims that were allowed beside the scopes';
comment on column openid_grant.language is 'sensitive=false: in which languages it was asked';
comment on column openid_grant.ial is 'sensitive=false: identity assurance of who allowed it';
comment on column openid_grant.aal is 'sensitive=false: authenticator assurance of the session in which it was allowed';
comment on column openid_grant.text_hash is 'sensitive=false: SHA-256 of the text that was shown';

create table openid_sign_in (
    sign_in_id uuid primary key,
    person_id uuid not null,
    client_id text not null references client,
    session_id uuid not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    code_presented_at timestamptz,
    tell_at timestamptz,
    tell_tries smallint not null default 0,
    key_id smallint not null,
    code_hash bytea not null unique check (length(code_hash) = 32),
    sid text not null,
    sealed bytea not null
);
create index openid_sign_in_person on openid_sign_in (person_id, client_id);
create index openid_sign_in_session on openid_sign_in (session_id);
create index openid_sign_in_tell_at on openid_sign_in (tell_at) where tell_at is not null;
comment on table openid_sign_in is 'sensitive=true: people signed in at clients: the code, and the family of its tokens';
comment on column openid_sign_in.sign_in_id is 'sensitive=false: random';
comment on column openid_sign_in.person_id is 'sensitive=true: who';
comment on column openid_sign_in.client_id is 'sensitive=true: where';
comment on column openid_sign_in.session_id is 'sensitive=false: the session behind it; nothing of it outlives that';
comment on column openid_sign_in.made_at is 'sensitive=false: when the code was made; it lives for a minute';
comment on column openid_sign_in.ended_at is 'sensitive=false: when everything of it ended';
comment on column openid_sign_in.code_presented_at is 'sensitive=false: when the code first came back, whatever came of it';
comment on column openid_sign_in.tell_at is 'sensitive=false: when the client is next told that its person left; null while they did not, and once it knows';
comment on column openid_sign_in.tell_tries is 'sensitive=false: how often it was told in vain';
comment on column openid_sign_in.key_id is 'sensitive=false: the accounts key that seals it';
comment on column openid_sign_in.code_hash is 'sensitive=false: SHA-256 of the 256-bit code';
comment on column openid_sign_in.sid is 'sensitive=false: the session as this client knows it';
comment on column openid_sign_in.sealed is 'sensitive=true: what was asked and allowed, and the levels of the sign-in, sealed';

create function openid_tell() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update openid_sign_in set tell_at = new.ended_at where sign_in_id in (
        select distinct on (client_id) sign_in_id from openid_sign_in
            where session_id = new.session_id and code_presented_at is not null
            order by client_id, made_at desc);
    return null;
end
$$;
comment on function openid_tell is 'clients are to be told of a session that ended, whatever ended it; each once';
create trigger openid_tell after update of ended_at on person_session
    for each row when (old.ended_at is null and new.ended_at is not null) execute function openid_tell();

create table openid_token (
    token_hash bytea primary key check (length(token_hash) = 32),
    sign_in_id uuid not null references openid_sign_in on delete cascade,
    made_at timestamptz not null,
    ends_at timestamptz not null,
    used_at timestamptz,
    ended_at timestamptz,
    kind smallint not null,
    jkt text,
    scopes text[] not null
);
create index openid_token_sign_in on openid_token (sign_in_id);
create index openid_token_ends_at on openid_token (ends_at);
comment on table openid_token is 'sensitive=true: access and refresh tokens of clients';
comment on column openid_token.token_hash is 'sensitive=false: SHA-256 of the 256-bit token';
comment on column openid_token.sign_in_id is 'sensitive=false: the sign-in that it belongs to';
comment on column openid_token.made_at is 'sensitive=false: when';
comment on column openid_token.ends_at is 'sensitive=false: until when it works at most';
comment on column openid_token.used_at is 'sensitive=false: when a refresh token was exchanged; a second time ends the family';
comment on column openid_token.ended_at is 'sensitive=false: when it was revoked';
comment on column openid_token.kind is 'sensitive=false: 1 access, 2 refresh';
comment on column openid_token.jkt is 'sensitive=false: thumbprint of the key that it is bound to (RFC 9449); null for none';
comment on column openid_token.scopes is 'sensitive=false: what it is for';

create table openid_subject (
    person_id uuid not null,
    sector text not null,
    subject text not null unique,
    primary key (person_id, sector)
);
comment on table openid_subject is 'sensitive=true: by which random name each client, or group of clients, knows a person';
comment on column openid_subject.person_id is 'sensitive=true: who';
comment on column openid_subject.sector is 'sensitive=false: the client, or the name of the group';
comment on column openid_subject.subject is 'sensitive=true: the name; random, so that no two clients can compare';

create table shown_once (
    shown_hash bytea primary key check (length(shown_hash) = 32),
    ends_at timestamptz not null
);
create index shown_once_ends_at on shown_once (ends_at);
comment on table shown_once is 'sensitive=false: proofs of clients that count once: DPoP proofs, client assertions';
comment on column shown_once.shown_hash is 'sensitive=false: SHA-256 of whose it is and its number';
comment on column shown_once.ends_at is 'sensitive=false: after which it would not count anyway';

-- faces --------------------------------------------------------------------------------------------------------------
-- Health ID and Provider ID as real clients know them, and ThaID upstream.

create table face_client (
    client_id text primary key references client,
    key_id smallint not null,
    sealed bytea not null
);
comment on table face_client is 'sensitive=true: the key under which a client of a face is told hashes of numbers';
comment on column face_client.client_id is 'sensitive=false: whose';
comment on column face_client.key_id is 'sensitive=false: the accounts key that seals it';
comment on column face_client.sealed is 'sensitive=true: the key, sealed; the client does not have it';

create table face_subject (
    person_id uuid not null,
    subject uuid not null unique,
    client_id text not null references client,
    primary key (person_id, client_id)
);
comment on table face_subject is 'sensitive=true: by which random name a client of a face knows a person';
comment on column face_subject.person_id is 'sensitive=true: who';
comment on column face_subject.subject is 'sensitive=true: the name; random, so that no two clients can compare';
comment on column face_subject.client_id is 'sensitive=false: the client';

create table face_code (
    code_hash bytea primary key check (length(code_hash) = 32),
    person_id uuid not null,
    account_session uuid not null,
    jti uuid,
    issued_at timestamptz not null,
    presented_at timestamptz,
    client_id text not null references client,
    redirect_uri text not null,
    challenge text,
    scopes text[] not null
);
create index face_code_issued_at on face_code (issued_at);
comment on table face_code is 'sensitive=true: codes by which somebody is signed in at a client of a face; kept a day';
comment on column face_code.code_hash is 'sensitive=false: SHA-256 of the 256-bit code';
comment on column face_code.person_id is 'sensitive=true: who signed in';
comment on column face_code.account_session is 'sensitive=false: the sign-in behind it';
comment on column face_code.jti is 'sensitive=false: the session that it became, which ends when the code comes again';
comment on column face_code.issued_at is 'sensitive=false: when; it lives for a minute';
comment on column face_code.presented_at is 'sensitive=false: when it first came back, whatever came of it';
comment on column face_code.client_id is 'sensitive=true: the only client that may use it';
comment on column face_code.redirect_uri is 'sensitive=false: where it was sent, and what the client must name again';
comment on column face_code.challenge is 'sensitive=false: PKCE challenge, S256; null without PKCE';
comment on column face_code.scopes is 'sensitive=false: what the person allowed';

create table provider_session (
    jti uuid primary key,
    person_id uuid not null,
    account_session uuid not null,
    made_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    client_id text not null references client,
    scopes text[] not null
);
create index provider_session_person on provider_session (person_id, ends_at);
comment on table provider_session is 'sensitive=true: staff signed in at a client by their Provider ID';
comment on column provider_session.jti is 'sensitive=false: random; the jti of its tokens';
comment on column provider_session.person_id is 'sensitive=true: who';
comment on column provider_session.account_session is 'sensitive=false: the sign-in behind it; nothing of it outlives that';
comment on column provider_session.made_at is 'sensitive=false: when';
comment on column provider_session.ends_at is 'sensitive=false: when it is over by itself';
comment on column provider_session.ended_at is 'sensitive=false: when it was ended before its time';
comment on column provider_session.client_id is 'sensitive=true: where';
comment on column provider_session.scopes is 'sensitive=false: what they allowed the client';

create table provider_refresh (
    token_hash bytea primary key check (length(token_hash) = 32),
    jti uuid not null references provider_session on delete cascade,
    made_at timestamptz not null,
    used_at timestamptz
);
create index provider_refresh_jti on provider_refresh (jti);
comment on table provider_refresh is 'sensitive=true: refresh tokens of Provider ID sessions';
comment on column provider_refresh.token_hash is 'sensitive=false: SHA-256 of the 256-bit token';
comment on column provider_refresh.jti is 'sensitive=false: the session';
comment on column provider_refresh.made_at is 'sensitive=false: when';
comment on column provider_refresh.used_at is 'sensitive=false: when it was exchanged; a second time ends the session';

create table thaid_request (
    state_hash bytea primary key check (length(state_hash) = 32),
    made_at timestamptz not null,
    key_id smallint not null,
    sealed bytea not null
);
create index thaid_request_made_at on thaid_request (made_at);
comment on table thaid_request is 'sensitive=true: sign-ins on their way through ThaID, for a quarter of an hour';
comment on column thaid_request.state_hash is 'sensitive=false: SHA-256 of the state, 256 random bits that the browser holds as well';
comment on column thaid_request.made_at is 'sensitive=false: when';
comment on column thaid_request.key_id is 'sensitive=false: the accounts key that seals it';
comment on column thaid_request.sealed is 'sensitive=true: nonce, verifier, and where to afterwards, sealed';

create function staff_tokens_end() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update account a set generation = a.generation + 1
        from staff_position s where s.person_id = new.person_id and a.account_id = s.account_id;
    return null;
end
$$;
comment on function staff_tokens_end is 'Account Center tokens of staff end with the sign-in that they come from';
create trigger staff_tokens_end after update of ended_at on person_session
    for each row when (old.ended_at is null and new.ended_at is not null) execute function staff_tokens_end();
create trigger staff_tokens_end after update of ended_at on provider_session
    for each row when (old.ended_at is null and new.ended_at is not null) execute function staff_tokens_end();

-- who may do what --------------------------------------------------------------------------------------------------

-- The roles that doors act as. They own nothing; what is not granted below is refused.
-- Without a password a role signs in only where the server trusts the socket it comes by.
-- Roles belong to the whole server, so another database of this server may have made them already.
do $$
declare
    role_name text;
begin
    foreach role_name in array array['intake', 'reader', 'identity', 'oversight', 'sealer', 'keys'] loop
        begin
            execute format('create role morprom_%s login', role_name);
        exception when duplicate_object or unique_violation then
            null;
        end;
        execute format('grant morprom_%s to current_user', role_name);
        execute format('grant usage on schema public to morprom_%s', role_name);
    end loop;
end
$$;
revoke create on schema public from public;

-- Every door knows units and accounts; only intake and reader meet ref keys, only identity meets secrets of callers.
grant select (hcode, name, type, province, district, region, beds, is_test, changed_at) on unit
    to morprom_intake, morprom_reader, morprom_identity, morprom_oversight;
grant select (ref_key, ref_key_wrap_id) on unit to morprom_intake, morprom_reader, morprom_keys;
grant select (hcode), update (ref_key, ref_key_wrap_id) on unit to morprom_keys;
grant select (account_id, hcode, login, name, permissions, may_send, may_read, generation, disabled_at, is_personal)
    on account
    to morprom_intake, morprom_reader, morprom_identity, morprom_oversight;
grant select (verifier), update (verifier) on account to morprom_identity;
grant select on upload_token to morprom_identity;
grant select, insert, update, delete on sign_in_attempt to morprom_identity;

-- Nobody but the database says when a row was written: at and txid cannot be given.
grant insert (id, person_id, actor, basis, outcome, key_id, unit, sealed) on history
    to morprom_intake, morprom_reader, morprom_identity, morprom_oversight, morprom_keys;
grant select on history to morprom_sealer;
grant select on history_batch to morprom_sealer;
grant insert (day, first_position, count, upto_txid, upto_id, key_id, leaves, peaks, head) on history_batch
    to morprom_sealer;

revoke execute on function intake_look, intake_write from public;
grant execute on function intake_look, intake_write to morprom_intake;

-- Intake writes what comes in and purges what was held; a version, once stored, changes in nothing but how long it is
-- held. The reader meets people who are asked for before anything of theirs has come. Keys rewraps and rehashes.
grant select, insert on person, person_identifier to morprom_intake;
grant select, insert, update (held_until), delete on document to morprom_intake;
grant select, insert, delete,
    update (person_id, removed_at, day, version, is_inpatient, content_hash, label) on ledger to morprom_intake;
grant select, insert, update (state, decided_at) on removal to morprom_intake;
grant select, insert on person, person_identifier to morprom_reader;
grant select on document to morprom_reader;
grant select (removed_at, day, is_inpatient, unit, ref, kind, label) on ledger to morprom_oversight;
grant select, update (shard_version, wrapped_key) on person to morprom_keys;
grant select, insert, delete, update (value_hmac) on person_identifier to morprom_keys; -- update: locks the rows

-- Hospitals ask for and use codes through the reader, and never see an inbox. The person's doors are identity's.
grant select, insert, delete, update (tries, first_used_at, ended_at) on otp_grant to morprom_reader;
grant select (grant_id, person_id, unit, issued_at, first_used_at, ended_at, ground), update (ended_at) on otp_grant
    to morprom_identity;
revoke execute on function controls_write from public;
revoke execute on function history_of from public;
grant execute on function controls_write to morprom_reader;
grant select, insert, delete, update (ended_at) on health_id_session to morprom_identity;
grant select, insert, delete, update (masked_at, reported_at, seen_at, reason) on disputed_visit to morprom_reader;
grant select, delete, update (seen_at) on disputed_visit to morprom_intake;
grant insert (notice_id, person_id, sealed) on inbox_notice to morprom_reader;
grant select on inbox_notice to morprom_identity;

grant select, insert, update on agent_status, hospital_count to morprom_intake;
grant select on agent_status, hospital_count to morprom_oversight;

grant select, insert, update, delete on exercise to morprom_oversight;

-- Codes are public. What opens a person's record is the reader's; secrets of callers are met by identity alone.
grant select on code_system to morprom_reader;
grant select, insert, delete on paste to morprom_reader;
grant select (client_id, hcode, name, redirect_uris, registered_at, revoked_at, kind, terms, disabled_at) on client
    to morprom_reader;
grant select on client to morprom_identity;
grant select, insert, delete, update (presented_at, token_hash, token_at, tries, ended_at, grant_id) on card_code
    to morprom_reader;

-- Who signs people in finds them by their number, and meets no key of a person.
grant select, insert, update (t4_opens_at, frozen_at, ial, ial_table, ial_until) on person_account to morprom_identity;
grant select, insert, update (last_used_at, ended_at, counter, key_id, sealed) on authenticator to morprom_identity;
grant select, insert, update (ended_at) on contact to morprom_identity;
grant select, insert, delete,
    update (authenticated_at, last_seen_at, ended_at, key_id, cookie_hash, amr, aal, sealed, ial_at_most) on person_session
    to morprom_identity;
grant select, insert, delete on passkey_challenge to morprom_identity;
grant select, insert, delete, update (confirmed_at, tries) on contact_check to morprom_identity;
grant execute on function history_of to morprom_identity;
grant select, insert, delete on sign_in_event to morprom_identity;
grant select (person_id, value_hmac) on person_identifier to morprom_identity;
grant select (person_id, ial, ial_until, frozen_at, t4_opens_at) on person_account to morprom_reader;
grant select (person_id, kind, ended_at) on authenticator to morprom_reader;
revoke execute on function codes_end from public;

grant select, insert, update (ended_at) on card_station to morprom_identity;
grant select, insert, delete on card_nonce to morprom_identity;
grant select, insert, delete, update (second_officer, key_id, sealed) on proofing_case to morprom_identity;
grant select, insert, update (redeemed_at, withdrawn_at, photo, photo_until) on proofing_event to morprom_identity;
grant select, insert, delete, update (ended_at, tries) on proofing_slip to morprom_identity;
grant select, insert, delete, update (confirmed_at, tries) on redemption to morprom_identity;
grant select, insert, update (ended_at, key_id, sealed) on provider to morprom_identity;
grant select, insert (position_id, person_id, since, key_id, unit, sealed), update (ended_at) on staff_position
    to morprom_identity;
revoke execute on function staff_account from public;
revoke execute on function staff_account_ends from public;
revoke execute on function staff_tokens_end from public;
grant execute on function staff_account to morprom_identity;
revoke execute on function client_write from public;
revoke execute on function openid_tell from public;
grant select on client_change to morprom_identity;
grant execute on function client_write to morprom_identity;

-- Clients meet people by names that say nothing, and nothing of theirs outlives the session behind it.
grant select, insert, update (used_at), delete on openid_request to morprom_identity;
grant select, insert, update (ended_at, last_used_at) on openid_grant to morprom_identity;
grant select, insert, delete, update (ended_at, code_presented_at, tell_at, tell_tries) on openid_sign_in
    to morprom_identity;
grant select, insert, delete, update (used_at, ended_at) on openid_token to morprom_identity;
grant select, insert on openid_subject to morprom_identity;
grant select, insert, delete on shown_once to morprom_identity;

-- The faces of other sign-in services.
grant select on face_client to morprom_identity;
grant select, insert on face_subject to morprom_identity;
grant select, insert, delete, update (presented_at, jti) on face_code to morprom_identity;
grant select, insert, delete, update (ends_at, ended_at) on provider_session to morprom_identity;
grant select, insert, delete, update (used_at) on provider_refresh to morprom_identity;
grant select, insert, delete on thaid_request to morprom_identity;
