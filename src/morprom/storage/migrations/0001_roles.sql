-- The roles that doors act as. They own nothing; each later migration grants what its tables allow them.
-- Without a password a role signs in only where the server trusts the socket it comes by.
-- Roles belong to the whole server, so another database of this server may have made them already.
do $$
declare
    role_name text;
begin
    foreach role_name in array array['intake', 'reader', 'identity', 'oversight', 'sealer', 'keys'] loop
        begin
            execute format('create role morprom_%s login', role_name);
        exception when duplicate_object or unique_violation then
            null;
        end;
        execute format('grant morprom_%s to current_user', role_name);
        execute format('grant usage on schema public to morprom_%s', role_name);
    end loop;
end
$$;
revoke create on schema public from public;
