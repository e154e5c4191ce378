-- The faces of other sign-in services: Health ID sessions that follow the sign-in behind them, Provider ID sessions, the
-- codes of both, sign-ins on their way through ThaID; and accounts by which staff act as themselves.

alter table health_id_session add column account_session uuid;
create index health_id_session_account on health_id_session (account_session);
comment on column health_id_session.account_session is 'sensitive=false: the sign-in behind it: its levels are this session''s, and its end too; null where it was simulated';
comment on column health_id_session.authenticated_at is 'sensitive=false: when somebody last signed in, where no sign-in stands behind it';
comment on column health_id_session.ial is 'sensitive=false: identity assurance, where no sign-in stands behind it';
comment on column health_id_session.aal is 'sensitive=false: authenticator assurance, where no sign-in stands behind it';

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

alter table account add column is_personal boolean not null default false;
comment on column account.is_personal is 'sensitive=false: whether it is one member of staff, who signed in as themselves';

alter table staff_position
    add column account_id uuid unique references account,
    add column permissions text[] not null default '{}',
    add column may_send boolean not null default false,
    add column may_read boolean not null default false;
comment on column staff_position.account_id is 'sensitive=false: the account by which they act at the Account Center; null until they do';
comment on column staff_position.permissions is 'sensitive=false: the ministry''s permissions that go with the position';
comment on column staff_position.may_send is 'sensitive=false: whether they may upload and remove';
comment on column staff_position.may_read is 'sensitive=false: whether they may ask for and use codes';

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
revoke execute on function staff_account from public;

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
revoke execute on function staff_account_ends from public;
create trigger staff_account_ends after update of ended_at, permissions, may_send, may_read on staff_position
    for each row when (new.account_id is not null) execute function staff_account_ends();

grant insert, delete, update (ended_at) on health_id_session to morprom_identity;
grant select on face_client to morprom_identity;
grant select, insert on face_subject to morprom_identity;
grant select, insert, delete, update (presented_at, jti) on face_code to morprom_identity;
grant select, insert, delete, update (ends_at, ended_at) on provider_session to morprom_identity;
grant select, insert, delete, update (used_at) on provider_refresh to morprom_identity;
grant select, insert, delete on thaid_request to morprom_identity;
revoke insert on staff_position from morprom_identity;
grant insert (position_id, person_id, since, key_id, unit, sealed) on staff_position to morprom_identity;
grant execute on function staff_account to morprom_identity;
grant select (is_personal) on account to morprom_intake, morprom_reader, morprom_oversight, morprom_identity;
