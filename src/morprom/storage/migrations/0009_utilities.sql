-- Code systems that were imported, notes that are read once, and the ID-card flow: clients, codes and their tokens.
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

create table reading_client (
    client_id text primary key,
    hcode text not null references unit,
    name text not null,
    redirect_uris text[] not null check (cardinality(redirect_uris) > 0),
    secret_hash bytea not null check (length(secret_hash) = 32),
    registered_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz
);
comment on table reading_client is 'sensitive=false: programmes of units that may ask for a person''s ID card';
comment on column reading_client.client_id is 'sensitive=false: random identifier';
comment on column reading_client.hcode is 'sensitive=false: the unit whose programme it is';
comment on column reading_client.name is 'sensitive=false: the programme, as the card page shows it';
comment on column reading_client.redirect_uris is 'sensitive=false: where the card page may send a code, letter for letter';
comment on column reading_client.secret_hash is 'sensitive=true: SHA-256 of the 256-bit secret';
comment on column reading_client.registered_at is 'sensitive=false: when';
comment on column reading_client.revoked_at is 'sensitive=false: since when it may ask for nothing';

create table card_code (
    code_hash bytea primary key check (length(code_hash) = 32),
    client_id text not null references reading_client,
    person_id uuid not null,
    redirect_uri text not null,
    challenge text,
    cid_sealed bytea not null,
    issued_at timestamptz not null default clock_timestamp(),
    presented_at timestamptz,
    token_hash bytea unique check (length(token_hash) = 32),
    token_at timestamptz,
    tries smallint not null default 0,
    ended_at timestamptz
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

-- Codes are public. What opens a person's record is the reader's; secrets of callers are met by identity alone.
grant select on code_system to morprom_reader;
grant select, insert, delete on paste to morprom_reader;
grant select (client_id, hcode, name, redirect_uris, registered_at, revoked_at) on reading_client to morprom_reader;
grant select on reading_client to morprom_identity;
grant select, insert, delete, update (presented_at, token_hash, token_at, tries, ended_at) on card_code
    to morprom_reader;
