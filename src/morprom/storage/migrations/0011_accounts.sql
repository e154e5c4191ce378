-- What people sign in with: their accounts, authenticators, contacts and sessions. Sealed under a key of its own kind,
-- so that the role that signs people in can open nobody's record.

create table person_account (
    person_id uuid primary key,
    opened_at timestamptz not null,
    t4_opens_at timestamptz not null,
    frozen_at timestamptz,
    ial text not null,
    ial_table text not null
);
comment on table person_account is 'sensitive=true: who has an account; opened by redeeming a proofing alone';
comment on column person_account.person_id is 'sensitive=true: whose';
comment on column person_account.opened_at is 'sensitive=false: when it was first opened';
comment on column person_account.t4_opens_at is 'sensitive=false: when tier 4 opens: a day after the latest redemption';
comment on column person_account.frozen_at is 'sensitive=false: when a fraud report or a death stopped it; null while it works';
comment on column person_account.ial is 'sensitive=false: identity assurance, derived from the proofing events that count';
comment on column person_account.ial_table is 'sensitive=false: the table by which it was derived';

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
    sealed bytea not null
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
    sealed bytea not null
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

create table passkey_challenge (
    challenge_hash bytea primary key,
    person_id uuid,
    made_at timestamptz not null,
    purpose smallint not null
);
create index passkey_challenge_made_at on passkey_challenge (made_at);
comment on table passkey_challenge is 'sensitive=false: challenges that were given out and not answered yet';
comment on column passkey_challenge.challenge_hash is 'sensitive=false: SHA-256 of the challenge';
comment on column passkey_challenge.person_id is 'sensitive=true: for whom, where that was known';
comment on column passkey_challenge.made_at is 'sensitive=false: when; good for five minutes';
comment on column passkey_challenge.purpose is 'sensitive=false: 1 to bind a passkey, 2 to sign in';

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

grant select, insert, update (t4_opens_at, frozen_at, ial, ial_table) on person_account to morprom_identity;
grant select, insert, update (last_used_at, ended_at, counter, key_id, sealed) on authenticator to morprom_identity;
grant select, insert, update (ended_at) on contact to morprom_identity;
grant select, insert, delete,
    update (authenticated_at, last_seen_at, ended_at, key_id, cookie_hash, amr, aal, sealed) on person_session
    to morprom_identity;
grant select, insert, delete on passkey_challenge to morprom_identity;
grant select, insert, delete on sign_in_event to morprom_identity;
grant select (person_id, value_hmac) on person_identifier to morprom_identity;
grant select (person_id, ial, frozen_at, t4_opens_at) on person_account to morprom_reader;
