-- The ledger knows every kind of item that a hospital numbers itself, not visits alone.

alter table visit_ledger rename to ledger;
alter index visit_ledger_pkey rename to ledger_pkey;
alter index visit_ledger_day rename to ledger_day;
alter index visit_ledger_removed rename to ledger_removed;
alter table ledger rename constraint visit_ledger_person_id_not_null to ledger_person_id_not_null;
alter table ledger rename constraint visit_ledger_version_not_null to ledger_version_not_null;
alter table ledger rename constraint visit_ledger_is_inpatient_not_null to ledger_is_inpatient_not_null;
alter table ledger rename constraint visit_ledger_unit_not_null to ledger_unit_not_null;
alter table ledger rename constraint visit_ledger_ref_not_null to ledger_ref_not_null;
alter table ledger rename constraint visit_ledger_content_hash_not_null to ledger_content_hash_not_null;
alter table ledger alter column day drop not null;
alter table ledger add column kind smallint not null default 2;
alter table ledger alter column kind drop default;
alter table ledger add column label bytea;
create index ledger_register on ledger (unit) where kind = 4 and removed_at is null;
comment on table ledger is 'sensitive=true: what each hospital has sent under numbers of its own, for its own reconciliation';
comment on column ledger.person_id is 'sensitive=true: whose it is';
comment on column ledger.day is 'sensitive=true: local day on which a visit began, or of which an item is; null when it says none';
comment on column ledger.is_inpatient is 'sensitive=true: a stay, counted apart from the visits of the day; false for what is no visit';
comment on column ledger.kind is 'sensitive=false: kind of the document, as in document.kind';
comment on column ledger.label is 'sensitive=true: a register''s disease code under the hospital''s key, with a nonce, so that equality does not show';

alter table removal add column kind smallint not null default 2;
alter table removal alter column kind drop default;
update removal set reason = 'UpdatePHRv1 scope ALL' where reason = 'scope ALL';
comment on column removal.reason is 'sensitive=false: the call that asked: RemoveEncounter, UpdatePHRv1 scope ALL, …';
comment on column removal.refs is 'sensitive=true: the items, refs under the hospital''s key';
comment on column removal.kind is 'sensitive=false: kind of what is removed, as in document.kind';

comment on column document.kind is 'sensitive=false: 1 patient, 2 visit, 3 allergy list, 4 chronic register, 5 immunization, 6 reported allergy, 7 referral, 8 self observation, 9 owner''s controls, 10 caregiver, 11 cared for, 12 prescription, 13 drug-related problem';

create or replace function intake_look(
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

drop function intake_write;
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
revoke execute on function intake_write from public;
grant execute on function intake_write to morprom_intake;

grant update (label) on ledger to morprom_intake;
grant select (kind, label) on ledger to morprom_oversight;
