-- Who asks to sign in leaves nothing behind: such a challenge says itself when it was made, and is kept once it was used.

comment on table passkey_challenge is
    'sensitive=false: challenges to bind a passkey that were not answered yet, and those to sign in that were used';
comment on column passkey_challenge.made_at is 'sensitive=false: when it was made, or used to sign in; good for five minutes';
