-- Health ID sessions, where a one-time code came from, what the owner set, and what a unit is told of it.

create table health_id_session (
    jti uuid primary key,
    person_id uuid not null,
    authenticated_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    client_id text not null,
    scopes text[] not null,
    ial text not null,
    aal text not null
);
create index health_id_session_person on health_id_session (person_id, ends_at);
comment on table health_id_session is 'sensitive=true: in which somebody signed in elsewhere acts through a program; its token names it and no more';
comment on column health_id_session.jti is 'sensitive=false: random; the token''s jti';
comment on column health_id_session.person_id is 'sensitive=true: who signed in';
comment on column health_id_session.authenticated_at is 'sensitive=false: when they last did; what asks for a recent sign-in counts from here';
comment on column health_id_session.ends_at is 'sensitive=false: when it is over by itself';
comment on column health_id_session.ended_at is 'sensitive=false: when it was ended before its time';
comment on column health_id_session.client_id is 'sensitive=true: the program; the token''s audience';
comment on column health_id_session.scopes is 'sensitive=false: what the owner granted the program';
comment on column health_id_session.ial is 'sensitive=false: identity assurance of who signed in';
comment on column health_id_session.aal is 'sensitive=false: authenticator assurance of how';

-- The origin of a code decides what it opens, never that it is a code.
alter table otp_grant add column authenticated_at timestamptz;
alter table otp_grant add column ground text not null default 'otp';
alter table otp_grant add column ial text;
alter table otp_grant add column aal text;
comment on column otp_grant.authenticated_at is 'sensitive=false: when the owner had signed in, where a sign-in stands behind the code';
comment on column otp_grant.ground is 'sensitive=false: where the code came from: otp, card, card-reported, health-id-code';
comment on column otp_grant.ial is 'sensitive=false: identity assurance of that sign-in, at issue';
comment on column otp_grant.aal is 'sensitive=false: authenticator assurance of that sign-in, at issue';
grant select (ground) on otp_grant to morprom_identity;

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
revoke execute on function controls_write from public;
grant execute on function controls_write to morprom_reader;

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

-- Issuing comes with the sign-in; until then the owner of the database starts sessions, and identity looks them up.
grant select on health_id_session to morprom_identity;
grant select, insert, delete, update (masked_at, reported_at, seen_at, reason) on disputed_visit to morprom_reader;
grant select, update (seen_at) on disputed_visit to morprom_intake;
