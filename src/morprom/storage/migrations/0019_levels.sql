-- A level lasts no longer than the card that it was proofed with, and a frozen account has given nobody anything. What an
-- owner said of a visit goes with the visit, and a card's code that comes twice ends what it was turned into.

alter table person_account add column ial_until date;
comment on column person_account.ial_until is 'sensitive=false: last day of the card behind ial, after which it counts for nothing; null without a day';
update person_account a set ial_until = (
    select min(counts_until) from proofing_event e
        where e.person_id = a.person_id and redeemed_at is not null and withdrawn_at is null);
create index person_account_ial_until on person_account (ial_until) where ial_until is not null;

create function codes_end() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update otp_grant set ended_at = clock_timestamp() where person_id = new.person_id and ended_at is null;
    return null;
end
$$;
comment on function codes_end is 'codes that a person gave, or that their card or sign-in gave, end when their account is frozen';
revoke execute on function codes_end from public;
create trigger codes_end after update of frozen_at on person_account
    for each row when (old.frozen_at is null and new.frozen_at is not null) execute function codes_end();

comment on column otp_grant.ial is 'sensitive=false: identity assurance of the owner, or of the sign-in behind the code, at issue';
comment on column otp_grant.aal is 'sensitive=false: authenticator assurance likewise';

alter table card_code add column grant_id uuid;
comment on column card_code.grant_id is 'sensitive=false: the one-time code that its token was turned into';

grant update (ial_until) on person_account to morprom_identity;
grant select (ial_until) on person_account to morprom_reader;
grant select (person_id, kind, ended_at) on authenticator to morprom_reader;
grant update (grant_id) on card_code to morprom_reader;
grant delete on disputed_visit to morprom_intake;
