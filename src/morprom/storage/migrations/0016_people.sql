-- Codes to contacts: to add one, and to come back with a recovery code. And a person's own lines of the history.

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

-- The lines stay sealed for who signs people in; the person's key, which opens them, is the reader's to use.
create function history_of(p_person uuid, most int) returns setof history
    language sql stable security definer set search_path = public, pg_temp
    as 'select * from history where person_id = p_person order by at desc, id desc limit least(most, 1000)';
comment on function history_of is 'a person''s latest lines, newest first';
revoke execute on function history_of from public;

grant select, insert, delete, update (confirmed_at, tries) on contact_check to morprom_identity;
grant execute on function history_of to morprom_identity;
