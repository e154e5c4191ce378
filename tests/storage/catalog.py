"""What PostgreSQL's own catalogs say of a schema, as lines that can be compared."""

from morprom.storage import Row, Tx

LINES = {
    "schema": """
        select nspname, array(select acl::text from unnest(nspacl) acl order by 1)
        from pg_namespace where nspname = 'public'
    """,
    "relation": """
        select relname, relkind, relpersistence, reloptions, relrowsecurity, relforcerowsecurity,
            array(select acl::text from unnest(relacl) acl order by 1), obj_description(oid, 'pg_class')
        from pg_class where relnamespace = 'public'::regnamespace
    """,
    "column": """
        select c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            pg_get_expr(d.adbin, d.adrelid), a.attstorage, a.attcompression, a.attidentity, a.attgenerated,
            a.attcollation::regcollation, a.attstattarget, a.attoptions,
            array(select acl::text from unnest(a.attacl) acl order by 1), col_description(c.oid, a.attnum)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
    """,
    "constraint": """
        select conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated, condeferrable
        from pg_constraint where connamespace = 'public'::regnamespace
    """,
    "index": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
    "function": """
        select pg_get_functiondef(oid), array(select acl::text from unnest(proacl) acl order by 1),
            obj_description(oid, 'pg_proc')
        from pg_proc where pronamespace = 'public'::regnamespace
    """,
    "type": """
        select typname, typtype from pg_type
        where typnamespace = 'public'::regnamespace and typtype in ('d', 'e', 'r')
    """,
    "trigger": "select tgrelid::regclass, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
    "policy": "select * from pg_policies where schemaname = 'public'",
    "sequence": "select * from pg_sequences where schemaname = 'public'",
    "default acl": "select defaclrole::regrole, defaclobjtype, defaclacl::text from pg_default_acl",
    "extension": "select extname from pg_extension",
}


async def catalog(tx: Tx) -> set[str]:
    """Everything that the migrations made, one line a thing, in no order."""
    return {f"{kind}: {_words(row)}" for kind, query in LINES.items() for row in await tx.fetch(query)}


def _words(row: Row) -> str:
    return " | ".join(str(value) for value in row.values())  # type: ignore[attr-defined]
