-- Proofing: stations that read cards, cases at a counter, the events they are sealed into, and the slips by which a
-- person takes them to their own phone. What was done is kept, never a level.

create table card_station (
    station_id uuid primary key,
    enrolled_at timestamptz not null,
    ended_at timestamptz,
    enrolled_by uuid not null,
    unit text not null,
    name text not null,
    public_key bytea not null
);
create index card_station_unit on card_station (unit);
comment on table card_station is 'sensitive=false: counter computers whose card readings count';
comment on column card_station.station_id is 'sensitive=false: random';
comment on column card_station.enrolled_at is 'sensitive=false: when an officer enrolled it';
comment on column card_station.ended_at is 'sensitive=false: when it was taken away';
comment on column card_station.enrolled_by is 'sensitive=true: the officer, a person';
comment on column card_station.unit is 'sensitive=false: the unit whose counter it stands at';
comment on column card_station.name is 'sensitive=false: what the unit calls it';
comment on column card_station.public_key is 'sensitive=false: its P-256 key, SubjectPublicKeyInfo';

create table card_nonce (
    nonce_hash bytea primary key,
    station_id uuid not null,
    made_at timestamptz not null
);
create index card_nonce_made_at on card_nonce (made_at);
comment on table card_nonce is 'sensitive=false: nonces that were given out for one reading each';
comment on column card_nonce.nonce_hash is 'sensitive=false: SHA-256 of the nonce';
comment on column card_nonce.station_id is 'sensitive=false: for which station';
comment on column card_nonce.made_at is 'sensitive=false: when; good for 60 s';

create table proofing_case (
    case_id uuid primary key,
    officer uuid not null,
    second_officer uuid,
    started_at timestamptz not null,
    key_id smallint not null,
    unit text not null,
    sealed bytea not null
);
create index proofing_case_officer on proofing_case (officer);
create index proofing_case_unit on proofing_case (unit, started_at);
comment on table proofing_case is 'sensitive=true: cases that an officer has open; dropped when sealed, given up, or a day old';
comment on column proofing_case.case_id is 'sensitive=false: random';
comment on column proofing_case.officer is 'sensitive=true: who works on it, a person';
comment on column proofing_case.second_officer is 'sensitive=true: who confirmed it beside them';
comment on column proofing_case.started_at is 'sensitive=false: when';
comment on column proofing_case.key_id is 'sensitive=false: the accounts key that seals it';
comment on column proofing_case.unit is 'sensitive=false: at which unit';
comment on column proofing_case.sealed is 'sensitive=true: what was read and checked so far, sealed';

create table proofing_event (
    event_id uuid primary key,
    person_id uuid not null,
    officer uuid not null,
    second_officer uuid,
    at timestamptz not null,
    redeemed_at timestamptz,
    withdrawn_at timestamptz,
    photo_until timestamptz,
    counts_until date,
    key_id smallint not null,
    unit text not null,
    sealed bytea not null,
    photo bytea
);
alter table proofing_event alter column photo set storage external;
create index proofing_event_person on proofing_event (person_id);
create index proofing_event_photo on proofing_event (photo_until) where photo is not null;
comment on table proofing_event is 'sensitive=true: who was proofed by whom, and what was checked';
comment on column proofing_event.event_id is 'sensitive=false: UUIDv7';
comment on column proofing_event.person_id is 'sensitive=true: who was proofed';
comment on column proofing_event.officer is 'sensitive=true: who proofed, a person';
comment on column proofing_event.second_officer is 'sensitive=true: who confirmed it beside them';
comment on column proofing_event.at is 'sensitive=false: when it was sealed';
comment on column proofing_event.redeemed_at is 'sensitive=false: when its slip was redeemed; it counts from then';
comment on column proofing_event.withdrawn_at is 'sensitive=false: when it was withdrawn: fraud, a mistake';
comment on column proofing_event.photo_until is 'sensitive=false: when the chip''s photo goes';
comment on column proofing_event.counts_until is 'sensitive=false: when the card expires, and the event with it; null: never';
comment on column proofing_event.key_id is 'sensitive=false: the accounts key that seals it';
comment on column proofing_event.unit is 'sensitive=false: at which unit';
comment on column proofing_event.sealed is 'sensitive=true: the atomic checks and what the card said, sealed';
comment on column proofing_event.photo is 'sensitive=true: the chip''s photo, sealed';

create table proofing_slip (
    slip_id uuid primary key,
    event_id uuid not null,
    person_id uuid not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    key_id smallint not null,
    tries smallint not null default 0,
    qr_hash bytea not null unique,
    digits_mac bytea not null,
    maker bytea[] not null
);
create index proofing_slip_person on proofing_slip (person_id);
comment on table proofing_slip is 'sensitive=true: printed slips that nobody has redeemed yet, and those that were, for a month';
comment on column proofing_slip.slip_id is 'sensitive=false: random';
comment on column proofing_slip.event_id is 'sensitive=false: what it redeems';
comment on column proofing_slip.person_id is 'sensitive=true: whose';
comment on column proofing_slip.made_at is 'sensitive=false: when it was printed; good for a day';
comment on column proofing_slip.ended_at is 'sensitive=false: redeemed, destroyed, or replaced by a later one';
comment on column proofing_slip.key_id is 'sensitive=false: the otp key of digits_mac';
comment on column proofing_slip.tries is 'sensitive=false: wrong digits so far; ten destroy it';
comment on column proofing_slip.qr_hash is 'sensitive=true: SHA-256 of the 128 bits in the QR code';
comment on column proofing_slip.digits_mac is 'sensitive=true: HMAC-SHA256(otp key, slip_id, digits)';
comment on column proofing_slip.maker is 'sensitive=true: hashes of the officer''s session, device and network, from which it may not be redeemed';

create table redemption (
    redemption_id uuid primary key,
    slip_id uuid not null,
    person_id uuid not null,
    started_at timestamptz not null,
    confirmed_at timestamptz,
    key_id smallint not null,
    tries smallint not null default 0,
    cookie_hash bytea not null unique,
    code_mac bytea not null
);
create index redemption_started_at on redemption (started_at);
comment on table redemption is 'sensitive=true: slips whose person is on their way to an account, for a quarter of an hour';
comment on column redemption.redemption_id is 'sensitive=false: random';
comment on column redemption.slip_id is 'sensitive=false: the slip';
comment on column redemption.person_id is 'sensitive=true: whose';
comment on column redemption.started_at is 'sensitive=false: when the slip was shown';
comment on column redemption.confirmed_at is 'sensitive=false: when the code to the contact came back';
comment on column redemption.key_id is 'sensitive=false: the otp key of code_mac';
comment on column redemption.tries is 'sensitive=false: wrong codes so far; five end it';
comment on column redemption.cookie_hash is 'sensitive=true: SHA-256 of the browser''s cookie';
comment on column redemption.code_mac is 'sensitive=true: HMAC-SHA256(otp key, redemption_id, code)';

grant select, insert, update (ended_at) on card_station to morprom_identity;
grant select, insert, delete on card_nonce to morprom_identity;
grant select, insert, delete, update (second_officer, key_id, sealed) on proofing_case to morprom_identity;
grant select, insert, update (redeemed_at, withdrawn_at, photo, photo_until) on proofing_event to morprom_identity;
grant select, insert, delete, update (ended_at, tries) on proofing_slip to morprom_identity;
grant select, insert, delete, update (confirmed_at, tries) on redemption to morprom_identity;
