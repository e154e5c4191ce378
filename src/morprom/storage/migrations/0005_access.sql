-- One-time codes that open a record, and the inbox where notices wait for their person.
create table otp_grant (
    grant_id uuid primary key,
    person_id uuid not null,
    actor uuid not null,
    issued_at timestamptz not null default clock_timestamp(),
    first_used_at timestamptz,
    ended_at timestamptz,
    tries smallint not null default 0,
    key_id smallint not null,
    unit text not null,
    mac bytea not null check (length(mac) = 32)
);
create index otp_grant_person on otp_grant (person_id, issued_at);
comment on table otp_grant is 'sensitive=true: codes asked for, and the grants they became; kept two days for the throttle';
comment on column otp_grant.grant_id is 'sensitive=false: random; lines of history name it';
comment on column otp_grant.person_id is 'sensitive=true: whose record it opens';
comment on column otp_grant.actor is 'sensitive=true: the only account that may use it';
comment on column otp_grant.issued_at is 'sensitive=false: when it was asked for; its life is counted from here';
comment on column otp_grant.first_used_at is 'sensitive=false: when the right code first came; null while unused';
comment on column otp_grant.ended_at is 'sensitive=false: ended before its time, by the owner or a newer request';
comment on column otp_grant.tries is 'sensitive=false: wrong codes so far, and right ones still being answered';
comment on column otp_grant.key_id is 'sensitive=false: the otp key of mac';
comment on column otp_grant.unit is 'sensitive=false: hcode of the only unit that may use it';
comment on column otp_grant.mac is 'sensitive=true: HMAC-SHA256(otp key, grant_id, code)';

create table inbox_notice (
    notice_id uuid primary key,
    person_id uuid not null,
    at timestamptz not null default clock_timestamp(),
    sealed bytea not null
);
create index inbox_notice_person on inbox_notice (person_id);
comment on table inbox_notice is 'sensitive=true: notices of a person, with or without account';
comment on column inbox_notice.notice_id is 'sensitive=false: UUIDv7';
comment on column inbox_notice.person_id is 'sensitive=true: whose';
comment on column inbox_notice.at is 'sensitive=false: when';
comment on column inbox_notice.sealed is 'sensitive=true: the notice under the person''s data key';

-- Hospitals ask for and use codes through the reader, and never see an inbox. The person's doors are identity's.
grant select, insert, delete, update (tries, first_used_at, ended_at) on otp_grant to morprom_reader;
grant select (grant_id, person_id, unit, issued_at, first_used_at, ended_at), update (ended_at) on otp_grant
    to morprom_identity;
grant insert (notice_id, person_id, sealed) on inbox_notice to morprom_reader;
grant select on inbox_notice to morprom_identity;
