-- People, their sealed documents, and each hospital's ledger of visits.

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
comment on column document.kind is 'sensitive=false: 1 patient, 2 visit, 3 allergy list, 9 owner''s controls';
comment on column document.key_id is 'sensitive=false: the data key that opens it';
comment on column document.hold_id is 'sensitive=false: the legal hold that stops purge and erasure';
comment on column document.unit is 'sensitive=false: the hospital that sent it';
comment on column document.ref is 'sensitive=true: the hospital''s ref under its own key, 16 bytes';
comment on column document.content_hash is 'sensitive=true: keyed hash of the content, 16 bytes';
comment on column document.sealed is 'sensitive=true: the content, sealed; storage/seal.py has the format';

create table visit_ledger (
    person_id uuid not null,
    removed_at timestamptz,
    day date not null,
    version int not null,
    is_inpatient boolean not null,
    unit text not null,
    ref bytea not null,
    content_hash bytea not null,
    primary key (unit, ref)
);
create index visit_ledger_day on visit_ledger (unit, day);
create index visit_ledger_removed on visit_ledger (removed_at) where removed_at is not null;
comment on table visit_ledger is 'sensitive=true: what each hospital has sent, for its own reconciliation';
comment on column visit_ledger.person_id is 'sensitive=true: whose visit it is';
comment on column visit_ledger.removed_at is 'sensitive=false: when the hospital took it back; null while it counts';
comment on column visit_ledger.day is 'sensitive=true: local day on which the visit began';
comment on column visit_ledger.version is 'sensitive=false: version of the document that counts';
comment on column visit_ledger.is_inpatient is 'sensitive=true: a stay, counted apart from the visits of the day';
comment on column visit_ledger.unit is 'sensitive=false: the hospital';
comment on column visit_ledger.ref is 'sensitive=true: the ref under the hospital''s key (AES-SIV), which only that key reads back';
comment on column visit_ledger.content_hash is 'sensitive=true: keyed hash of the content that counts';

create table removal (
    removal_id uuid primary key,
    unit text not null,
    account_id uuid,
    requested_at timestamptz not null default now(),
    state smallint not null,
    decided_at timestamptz,
    reason text not null,
    refs bytea[] not null
);
create index removal_unit on removal (unit, requested_at);
comment on table removal is 'sensitive=true: every removal a hospital asked for, held ones included';
comment on column removal.removal_id is 'sensitive=false: time-ordered number of the request';
comment on column removal.unit is 'sensitive=false: the hospital';
comment on column removal.account_id is 'sensitive=false: who asked';
comment on column removal.requested_at is 'sensitive=false: when';
comment on column removal.state is 'sensitive=false: 1 done, 2 held for confirmation, 3 refused, 4 restored';
comment on column removal.decided_at is 'sensitive=false: when a held one was confirmed or refused, or a done one restored';
comment on column removal.reason is 'sensitive=false: the call that asked: RemoveEncounter, scope ALL';
comment on column removal.refs is 'sensitive=true: the visits, refs under the hospital''s key';

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
        join visit_ledger l using (unit, ref)
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

-- One call writes a whole batch. It raises serialization_failure when the look is no longer true; the writer looks
-- and seals again. Erasure and re-keying take the same advisory lock alone, so no upload can slip under them.
create function intake_write(
    hold interval,
    p_person uuid[], p_shard_version int[], p_key smallint[], p_wrapped bytea[],
    i_person uuid[], i_scheme smallint[], i_pepper smallint[], i_issuer text[], i_hmac bytea[], i_sealed bytea[],
    c_person uuid[], c_wrapped bytea[],
    v_person uuid[], v_day date[], v_version int[], v_inpatient boolean[], v_unit text[], v_ref bytea[], v_hash bytea[],
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
        insert into visit_ledger as l (person_id, day, version, is_inpatient, unit, ref, content_hash)
            select * from unnest(v_person, v_day, v_version, v_inpatient, v_unit, v_ref, v_hash)
                as v(person_id, day, version, is_inpatient, unit, ref, content_hash)
            order by unit, ref
        on conflict (unit, ref) do update set
            person_id = excluded.person_id, day = excluded.day, version = excluded.version,
            is_inpatient = excluded.is_inpatient, content_hash = excluded.content_hash, removed_at = null
            where l.version = excluded.version - 1 and l.person_id = excluded.person_id
        returning coalesce(old.version, 0) as was, new.version as becomes
    )
    select count(*) into done from put where was = becomes - 1;
    if done <> cardinality(v_ref) then
        raise serialization_failure using message = 'a visit changed meanwhile';
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

comment on function intake_look is 'the look before a batch is sealed';
comment on function intake_write is 'one batch, written in one call';
revoke execute on function intake_look, intake_write from public;
grant execute on function intake_look, intake_write to morprom_intake;

-- Intake writes what comes in and purges what was held; a version, once stored, changes in nothing but how long it is
-- held. The reader meets people who are asked for before anything of theirs has come. Keys rewraps and rehashes.
grant select, insert on person, person_identifier to morprom_intake;
grant select, insert, update (held_until), delete on document to morprom_intake;
grant select, insert, delete,
    update (person_id, removed_at, day, version, is_inpatient, content_hash) on visit_ledger to morprom_intake;
grant select, insert, update (state, decided_at) on removal to morprom_intake;
grant select, insert on person, person_identifier to morprom_reader;
grant select on document to morprom_reader;
grant select (removed_at, day, is_inpatient, unit, ref) on visit_ledger to morprom_oversight;
grant select, update (shard_version, wrapped_key) on person to morprom_keys;
grant select, insert, delete, update (value_hmac) on person_identifier to morprom_keys; -- update: locks the rows
