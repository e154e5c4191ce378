-- The registry of clients is looked after: by the operator, and by staff whom the operator named. And clients are told
-- of whoever left them at once: what ends a session says so, and so does taking a consent back.

alter table client add column disabled_at timestamptz;
comment on column client.disabled_at is 'sensitive=false: since when it may ask for nothing for now';

alter table staff_position
    add column administers text not null default '' check (administers in ('', 'unit', 'platform'));
comment on column staff_position.administers is 'sensitive=false: whose clients they look after: none, those of the unit, those of the platform';

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
revoke execute on function client_write from public;

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
revoke execute on function openid_tell from public;
comment on column openid_sign_in.tell_at is 'sensitive=false: when the client is next told that its person left; null while they did not, and once it knows';
update openid_sign_in set tell_at = null
    where tell_at is not null and session_id not in (select session_id from person_session where ended_at is not null);

grant select (disabled_at) on client to morprom_reader;
grant select on client_change to morprom_identity;
grant execute on function client_write to morprom_identity;
