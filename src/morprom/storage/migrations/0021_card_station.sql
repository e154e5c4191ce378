-- The card page reads cards at a hospital's enrolled station, and DOPA may vouch for them.

alter table card_code add column is_vouched boolean not null default false;
comment on column card_code.is_vouched is 'sensitive=false: whether a station of the unit signed the reading and DOPA says that the card is valid';
