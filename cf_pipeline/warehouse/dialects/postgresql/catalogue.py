"""Questions to the catalogue of a PostgreSQL database: schemas, tables, grants, views of others."""

from __future__ import annotations

from sqlalchemy import text

SCHEMA_EXISTS = text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
SCHEMAS_LIKE = text("SELECT nspname FROM pg_namespace WHERE nspname ~ :pattern ORDER BY nspname")
TABLES = text(
    "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE nspname = :name AND relkind = 'r' ORDER BY relname"
)

VIEWS = text(
    "SELECT quote_ident(relname) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE nspname = :name AND relkind = 'v' ORDER BY relname"
)
COLUMNS = text(
    """
    SELECT quote_ident(c.relname), array_agg(a.attname::text)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = :name AND c.relkind = 'r'
     GROUP BY c.relname
     ORDER BY c.relname
    """
)
"""The columns of each table of a schema."""
RELATIONS = text(
    """
    SELECT format('%s %I.%I', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, n.nspname, c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = :name AND c.relkind IN ('r', 'v')
     ORDER BY c.relname
    """
)
"""The tables and views of a schema as a statement names them."""
GRANTEES = text(
    """
    SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
      FROM (SELECT n.nspowner AS owner, n.nspacl AS acl FROM pg_namespace n WHERE n.nspname = :name
            UNION ALL
            SELECT c.relowner, c.relacl FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = :name AND c.relkind IN ('r', 'v')) AS each,
           aclexplode(each.acl) a
     WHERE a.grantee <> each.owner
    """
)
"""Everyone but the owner who may do anything in a schema."""

# The grants of the schema and of every relation that exists in both, as statements for the new one. PUBLIC
# has none, and roles of the product have those of the new schema.
GRANTS = text(
    """
    SELECT format('GRANT %s ON SCHEMA %I TO %s%s', a.privilege_type, n.nspname,
                  quote_ident(pg_get_userbyid(a.grantee)),
                  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_namespace n, aclexplode(n.nspacl) a
     WHERE n.nspname = :old AND a.grantee NOT IN (0, n.nspowner)
       AND pg_get_userbyid(a.grantee) <> ALL (:own_roles)
    UNION ALL
    SELECT format('GRANT %s ON %I.%I TO %s%s', a.privilege_type, n.nspname, c.relname,
                  quote_ident(pg_get_userbyid(a.grantee)),
                  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
     WHERE n.nspname = :old AND a.grantee NOT IN (0, c.relowner) AND c.relkind IN ('r', 'v')
       AND pg_get_userbyid(a.grantee) <> ALL (:own_roles)
       AND EXISTS (SELECT 1 FROM pg_class x JOIN pg_namespace y ON y.oid = x.relnamespace
                    WHERE y.nspname = :new AND x.relname = c.relname)
    """
)

DEPENDANTS = text(
    """
    SELECT DISTINCT format('%s.%s', vn.nspname, v.relname)
      FROM pg_depend d
      JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
      JOIN pg_class v ON v.oid = r.ev_class
      JOIN pg_namespace vn ON vn.oid = v.relnamespace
      JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
      JOIN pg_namespace tn ON tn.oid = t.relnamespace
     WHERE tn.nspname = :name AND vn.nspname <> :name
     ORDER BY 1
    """
)
