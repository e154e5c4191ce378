-- OpenID Connect: one registry of clients for every dialect, requests that wait, consents, sign-ins at clients, their
-- tokens, the subjects by which clients know people, and proofs that were shown once.

alter table reading_client rename to client;
do $$
declare old text;
begin
    for old in select conname from pg_constraint where conrelid = 'client'::regclass and conname like 'reading\_client%'
    loop
        execute format('alter table client rename constraint %I to %I', old, replace(old, 'reading_client', 'client'));
    end loop;
end
$$;
alter table client
    alter column secret_hash drop not null,
    add column kind text not null default 'card',
    add column terms jsonb;
comment on table client is 'sensitive=false: programmes of units that people are signed in to, or show their ID card';
comment on column client.name is 'sensitive=false: the programme, as pages show it';
comment on column client.redirect_uris is 'sensitive=false: where a code may be sent, letter for letter';
comment on column client.secret_hash is 'sensitive=true: SHA-256 of the 256-bit secret; null where it signs with a key of its own';
comment on column client.kind is 'sensitive=false: the dialect it speaks: card, openid, or a face; it is known to no other';
comment on column client.terms is 'sensitive=false: what that dialect needs to know of it, its public keys included';

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
comment on column openid_sign_in.tell_at is 'sensitive=false: when the client is next told that the session ended; null for never';
comment on column openid_sign_in.tell_tries is 'sensitive=false: how often it was told in vain';
comment on column openid_sign_in.key_id is 'sensitive=false: the accounts key that seals it';
comment on column openid_sign_in.code_hash is 'sensitive=false: SHA-256 of the 256-bit code';
comment on column openid_sign_in.sid is 'sensitive=false: the session as this client knows it';
comment on column openid_sign_in.sealed is 'sensitive=true: what was asked and allowed, and the levels of the sign-in, sealed';

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

grant select (kind, terms) on client to morprom_reader;
grant select, insert, update (used_at), delete on openid_request to morprom_identity;
grant select, insert, update (ended_at, last_used_at) on openid_grant to morprom_identity;
grant select, insert, delete, update (ended_at, code_presented_at, tell_at, tell_tries) on openid_sign_in
    to morprom_identity;
grant select, insert, delete, update (used_at, ended_at) on openid_token to morprom_identity;
grant select, insert on openid_subject to morprom_identity;
grant select, insert, delete on shown_once to morprom_identity;
