#!/usr/bin/env bash
# Put a backup back on a machine on which nothing of it is left. Usage: restore.sh FOLDER/TIME. Nothing is overwritten:
# where a database or the data folder is there, it stops. Stop cf-pipeline.target first.
set -euo pipefail
umask 077

backup=$(realpath "${1:?"usage: restore.sh FOLDER/TIME"}")
data=${BACKUP_DATA:-/var/lib/cf-pipeline/data}
databases=${BACKUP_DATABASES:-"dagster cf_warehouse"}
as_administrator=${BACKUP_AS-"runuser -u postgres --"}

(cd "$backup" && sha256sum --check --quiet SHA256SUMS) ||
  { echo "The backup $backup is not whole: nothing was restored." >&2; exit 1; }
[ -z "$(ls -A "$data" 2>/dev/null)" ] ||
  { echo "$data is not empty: move it away first; nothing was restored." >&2; exit 1; }
cd /
for database in $databases; do
  if $as_administrator psql --dbname=postgres -Atc "SELECT datname FROM pg_database" | grep -qx "$database"; then
    echo "The database $database is there: rename or drop it first; nothing was restored." >&2
    exit 1
  fi
done

# roles that are there already are left as they are
$as_administrator psql --quiet --dbname=postgres < "$backup/roles.sql" 2>&1 | grep -v "already exists" >&2 || true
for database in $databases; do
  $as_administrator pg_restore --create --exit-on-error --dbname=postgres < "$backup/$database.dump"
done
tar --extract --preserve-permissions --directory=/ --file="$backup/files.tar"
echo "Restored $backup. Start cf-pipeline.target; \`cf-pipeline run\` then says that nothing is new."
