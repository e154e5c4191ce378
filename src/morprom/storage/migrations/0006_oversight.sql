-- What units tell of their sending: which agent sends now, and how many visits the hospital itself counts.
create table agent_status (
    hcode text primary key references unit,
    computer_name text not null,
    status text not null,
    agent_version text not null,
    newest_version text not null,
    reported_at timestamptz not null,
    error text,
    error_at timestamptz
);
comment on table agent_status is 'sensitive=false: the agent that sends for a hospital; one at a time';
comment on column agent_status.hcode is 'sensitive=false: the hospital';
comment on column agent_status.computer_name is 'sensitive=false: name of the computer it runs on';
comment on column agent_status.status is 'sensitive=false: what it says it is doing';
comment on column agent_status.agent_version is 'sensitive=false: its version';
comment on column agent_status.newest_version is 'sensitive=false: the newest version it knows of';
comment on column agent_status.reported_at is 'sensitive=false: its latest report';
comment on column agent_status.error is 'sensitive=true: what it said last that went wrong, in its own words';
comment on column agent_status.error_at is 'sensitive=false: when it said so';

create table hospital_count (
    hcode text not null references unit,
    day date not null,
    opd_encounters int check (opd_encounters >= 0),
    ipd_encounters int check (ipd_encounters >= 0),
    ipd_discharges int check (ipd_discharges >= 0),
    received_at timestamptz not null,
    primary key (hcode, day)
);
comment on table hospital_count is 'sensitive=false: the visits of a day as the hospital itself counts them';
comment on column hospital_count.hcode is 'sensitive=false: the hospital';
comment on column hospital_count.day is 'sensitive=false: the local day';
comment on column hospital_count.opd_encounters is 'sensitive=false: outpatient visits';
comment on column hospital_count.ipd_encounters is 'sensitive=false: admissions';
comment on column hospital_count.ipd_discharges is 'sensitive=false: discharges';
comment on column hospital_count.received_at is 'sensitive=false: when the hospital last said so';

grant select, insert, update on agent_status, hospital_count to morprom_intake;
grant select on agent_status, hospital_count to morprom_oversight;
