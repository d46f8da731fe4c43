"""Questions to the catalogue of a PostgreSQL database: tables, grants, and views of others on a schema."""

from __future__ import annotations

from sqlalchemy import text

TABLES = text(
    "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE nspname = :name AND relkind = 'r' ORDER BY relname"
)

# The grants of the schema and of every relation that exists in both, as statements for the new one.
GRANTS = text(
    """
    SELECT format('GRANT %s ON SCHEMA %I TO %s%s', a.privilege_type, n.nspname,
                  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_namespace n, aclexplode(n.nspacl) a
     WHERE n.nspname = :old AND a.grantee <> n.nspowner
    UNION ALL
    SELECT format('GRANT %s ON %I.%I TO %s%s', a.privilege_type, n.nspname, c.relname,
                  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
     WHERE n.nspname = :old AND a.grantee <> c.relowner AND c.relkind IN ('r', 'v')
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
