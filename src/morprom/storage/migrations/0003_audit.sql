-- The history of every access and change, and the signed tree that it is sealed into.
-- Insert-only: no role may update or delete. A row comes with every upload and every read, so bytes are counted:
-- columns are ordered by alignment, the nonce of the sealed part salts the row's leaf, and one index suffices
-- (equal persons share an entry of it; their rows are ordered by id when read).
create table history (
    at timestamptz not null default clock_timestamp(),
    txid bigint not null default pg_current_xact_id()::text::bigint,
    id uuid not null,
    person_id uuid,
    actor uuid,
    basis smallint not null,
    outcome smallint not null,
    key_id smallint not null,
    unit text not null,
    sealed bytea not null
);
create index history_person_id on history (person_id) where person_id is not null;
create index history_txid on history using brin (txid) with (pages_per_range = 32, autosummarize = on);
comment on table history is 'sensitive=true: one row per upload, read, refusal and change';
comment on column history.at is 'sensitive=false: when, by the database''s clock';
comment on column history.txid is 'sensitive=false: the transaction that wrote it; orders rows for the tree';
comment on column history.id is 'sensitive=false: UUIDv7; the number of the receipt';
comment on column history.person_id is 'sensitive=true: whose record; null when the person is not known';
comment on column history.actor is 'sensitive=true: the account that acted; null for the owner and the operator';
comment on column history.basis is 'sensitive=false: on what ground (audit.Basis)';
comment on column history.outcome is 'sensitive=false: what came of it (audit.Outcome)';
comment on column history.key_id is 'sensitive=false: the person''s data key, or the ring''s history key, that sealed it';
comment on column history.unit is 'sensitive=false: hcode of the acting unit, empty when none';
comment on column history.sealed is 'sensitive=true: audit.Content, sealed: nonce (12), ciphertext, tag (16)';

create table history_batch (
    day date not null,
    first_position bigint not null,
    count int not null check (count > 0),
    upto_txid bigint not null,
    upto_id uuid not null,
    key_id smallint not null,
    sealed_at timestamptz not null default clock_timestamp(),
    leaves bytea not null check (length(leaves) = 32 * count),
    peaks bytea not null,
    head text not null,
    primary key (day, first_position)
);
create unique index history_batch_upto on history_batch (upto_txid, upto_id);
alter table history_batch alter column leaves set storage external; -- hashes do not compress
comment on table history_batch is 'sensitive=false: rows of history in order, as leaves of the day''s Merkle tree (RFC 9162)';
comment on column history_batch.day is 'sensitive=false: the day (Bangkok) whose tree it extends';
comment on column history_batch.first_position is 'sensitive=false: position in that tree of its first leaf';
comment on column history_batch.count is 'sensitive=false: how many leaves';
comment on column history_batch.upto_txid is 'sensitive=false: txid of its last row';
comment on column history_batch.upto_id is 'sensitive=false: id of its last row';
comment on column history_batch.key_id is 'sensitive=false: the head_signing key that signed the head';
comment on column history_batch.sealed_at is 'sensitive=false: when it was sealed';
comment on column history_batch.leaves is 'sensitive=false: salted hashes of the rows, 32 bytes each; they stay when a row is erased';
comment on column history_batch.peaks is 'sensitive=false: roots of the perfect subtrees after this batch, largest first';
comment on column history_batch.head is 'sensitive=false: the signed head after this batch (C2SP tlog-checkpoint)';

-- Nobody but the database says when a row was written: at and txid cannot be given.
grant insert (id, person_id, actor, basis, outcome, key_id, unit, sealed) on history
    to morprom_intake, morprom_reader, morprom_identity, morprom_oversight, morprom_keys;
grant select on history to morprom_sealer;
grant select on history_batch to morprom_sealer;
grant insert (day, first_position, count, upto_txid, upto_id, key_id, leaves, peaks, head) on history_batch
    to morprom_sealer;
