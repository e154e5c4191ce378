-- Who signs out, or takes back what they allowed a client, ends the Account Center tokens that they had by it. And a
-- sign-in through ThaID is worth no more than ThaID says of it.

create function staff_tokens_end() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update account a set generation = a.generation + 1
        from staff_position s where s.person_id = new.person_id and a.account_id = s.account_id;
    return null;
end
$$;
comment on function staff_tokens_end is 'Account Center tokens of staff end with the sign-in that they come from';
revoke execute on function staff_tokens_end from public;
create trigger staff_tokens_end after update of ended_at on person_session
    for each row when (old.ended_at is null and new.ended_at is not null) execute function staff_tokens_end();
create trigger staff_tokens_end after update of ended_at on provider_session
    for each row when (old.ended_at is null and new.ended_at is not null) execute function staff_tokens_end();

alter table person_session add column ial_at_most text;
comment on column person_session.ial_at_most is 'sensitive=false: what the upstream said of this sign-in, which counts for no more; null for one with an authenticator bound here';

comment on column proofing_event.officer is 'sensitive=true: who proofed, a person; through ThaID the person themselves';
comment on column proofing_event.unit is 'sensitive=false: at which unit; empty: through ThaID';

grant update (ial_at_most) on person_session to morprom_identity;
