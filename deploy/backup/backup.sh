#!/usr/bin/env bash
# A backup of everything that cannot be made again: both databases, the lake with the key, what was delivered, and the
# settings. Usage: backup.sh FOLDER. Each backup is a folder in it, named after its time (UTC); the newest ones stay.
# It holds children's records and the key that names them: keep FOLDER where only its administrators read, encrypted.
set -euo pipefail
umask 077

folder=${1:?"usage: backup.sh FOLDER"}
data=${BACKUP_DATA:-/var/lib/cf-pipeline/data}
files=${BACKUP_FILES:-"/var/lib/cf-pipeline /etc/cf-pipeline /srv/cf-pipeline/pipeline.toml"}
databases=${BACKUP_DATABASES:-"dagster cf_warehouse"}
as_administrator=${BACKUP_AS-"runuser -u postgres --"} # row security shows the tables' owner nothing, so it is not enough
keep=${BACKUP_KEEP:-14}
longest_wait=${BACKUP_WAIT_SECONDS:-3600}

[ -d "$data" ] || { echo "There is no data folder $data: set BACKUP_DATA." >&2; exit 1; }
mkdir -p "$folder"
name=$(date -u +%Y-%m-%dT%H%M%SZ)
part="$folder/.part-$name"
trap 'rm -rf "$part"' EXIT
mkdir "$part"

# Between the figures of two runs: every run of an authority and every publication waits until the backup has ended.
shopt -s nullglob
for lock in "$data"/locks/*.lock; do
  exec {descriptor}>>"$lock"
  flock --timeout "$longest_wait" "$descriptor" ||
    { echo "A run was under way for more than $longest_wait seconds: nothing was backed up." >&2; exit 1; }
done

cd / # the administrator of the databases may not enter the folder that this was started in
$as_administrator pg_dumpall --roles-only > "$part/roles.sql"
for database in $databases; do
  $as_administrator pg_dump --format=custom "$database" > "$part/$database.dump"
done
present=()
for file in $files; do [ ! -e "$file" ] || present+=("${file#/}"); done
# posix: times to the nanosecond, by which the pipeline tells that nothing is new
tar --create --format=posix --directory=/ --file="$part/files.tar" --exclude="${data#/}/tmp" "${present[@]}"
(cd "$part" && sha256sum -- * > SHA256SUMS)
sync -f "$part"
mv "$part" "$folder/$name"
date -u +%Y-%m-%dT%H:%M:%SZ > "$data/last_backup"
chown --reference="$data" "$data/last_backup"

old=("$folder"/????-??-??T*Z)
for ((i = 0; i < ${#old[@]} - keep; i++)); do rm -rf "${old[i]}"; done
echo "Backed up to $folder/$name."
