#!/bin/sh
# Run once by the image of PostgreSQL: the two databases and their owners.
set -eu
psql --set ON_ERROR_STOP=1 --set dagster="$DAGSTER_PASSWORD" --set warehouse="$WAREHOUSE_PASSWORD" <<SQL
CREATE ROLE dagster LOGIN PASSWORD :'dagster';
CREATE ROLE pipeline LOGIN PASSWORD :'warehouse';
CREATE DATABASE dagster OWNER dagster;
CREATE DATABASE cf_warehouse;
SQL
