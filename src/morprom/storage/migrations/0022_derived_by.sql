-- Whoever was derived by another table is found without reading every account.

create index person_account_ial_table on person_account (ial_table);
