#!/bin/sh
# Make the two roles of the platform and its database, once, when the volume of PostgreSQL is empty.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres \
    -v owner_password="$GOV_OWNER_PASSWORD" -v app_password="$GOV_APP_PASSWORD" <<'SQL'
CREATE ROLE gov_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE gov_app LOGIN PASSWORD :'app_password';
CREATE DATABASE gov OWNER gov_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE gov FROM PUBLIC;
GRANT CONNECT ON DATABASE gov TO gov_app;
SQL
