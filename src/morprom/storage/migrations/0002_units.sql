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

-- Every door knows units and accounts; only intake and reader meet ref keys, only identity meets secrets of callers.
grant select (hcode, name, type, province, district, region, beds, is_test, changed_at) on unit
    to morprom_intake, morprom_reader, morprom_identity, morprom_oversight;
grant select (ref_key, ref_key_wrap_id) on unit to morprom_intake, morprom_reader, morprom_keys;
grant select (hcode), update (ref_key, ref_key_wrap_id) on unit to morprom_keys;
grant select (account_id, hcode, login, name, permissions, may_send, may_read, generation, disabled_at) on account
    to morprom_intake, morprom_reader, morprom_identity, morprom_oversight;
grant select (verifier), update (verifier) on account to morprom_identity;
grant select on upload_token to morprom_identity;
grant select, insert, update, delete on sign_in_attempt to morprom_identity;
