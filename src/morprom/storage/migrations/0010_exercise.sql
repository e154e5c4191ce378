-- What vendors tried at a test hospital in the last day: which calls and shapes, and when last.
create table exercise (
    hcode text not null references unit,
    item text not null,
    last_at timestamptz not null,
    primary key (hcode, item)
);
comment on table exercise is 'sensitive=false: calls and shapes of uploads that a test hospital has tried; kept a day';
comment on column exercise.hcode is 'sensitive=false: the test hospital';
comment on column exercise.item is 'sensitive=false: which item of the checklist, or which call was refused';
comment on column exercise.last_at is 'sensitive=false: when it was last seen';

grant select, insert, update, delete on exercise to morprom_oversight;
