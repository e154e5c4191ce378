-- A passkey works for the host it was made for and for no other: which one that was is kept, and held to at each start.

alter table authenticator add column rp_id text;
comment on column authenticator.rp_id is 'sensitive=false: the host that a passkey was made for; null for what is no passkey';
