-- People who work at units: their Provider ID, licences and positions.

create table provider (
    person_id uuid primary key,
    listed_at timestamptz not null,
    ended_at timestamptz,
    key_id smallint not null,
    provider_id text not null unique,
    sealed bytea not null
);
comment on table provider is 'sensitive=true: staff who have a Provider ID';
comment on column provider.person_id is 'sensitive=true: who';
comment on column provider.listed_at is 'sensitive=false: when they were first listed';
comment on column provider.ended_at is 'sensitive=false: when their Provider ID ended; null while it works';
comment on column provider.key_id is 'sensitive=false: the accounts key that seals it';
comment on column provider.provider_id is 'sensitive=true: the number by which relying parties know them';
comment on column provider.sealed is 'sensitive=true: names, address of mail, date of birth, sealed';

create table staff_position (
    position_id uuid primary key,
    person_id uuid not null,
    since timestamptz not null,
    ended_at timestamptz,
    key_id smallint not null,
    unit text not null,
    sealed bytea not null
);
create index staff_position_person on staff_position (person_id);
create index staff_position_unit on staff_position (unit);
comment on table staff_position is 'sensitive=true: who works where as what';
comment on column staff_position.position_id is 'sensitive=false: random';
comment on column staff_position.person_id is 'sensitive=true: who';
comment on column staff_position.since is 'sensitive=false: since when it is listed';
comment on column staff_position.ended_at is 'sensitive=false: when it ended; null while it counts';
comment on column staff_position.key_id is 'sensitive=false: the accounts key that seals it';
comment on column staff_position.unit is 'sensitive=false: where';
comment on column staff_position.sealed is 'sensitive=true: the position, the licence and what it allows, sealed';

grant select, insert, update (ended_at, key_id, sealed) on provider to morprom_identity;
grant select, insert, update (ended_at) on staff_position to morprom_identity;
