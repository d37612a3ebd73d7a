#!/bin/sh
# Makes the two roles when the database is new: cardfleet owns the tables, cardfleet_app is the application's.
set -eu
psql --set=ON_ERROR_STOP=1 --set=owner="$POSTGRES_PASSWORD" --set=app="$APP_PASSWORD" --set=name="$POSTGRES_DB" \
    --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
CREATE ROLE cardfleet LOGIN PASSWORD :'owner';
-- NOINHERIT: what the owner may do has to be asked for by name, for as long as it lasts.
CREATE ROLE cardfleet_app LOGIN NOINHERIT PASSWORD :'app';
GRANT cardfleet TO cardfleet_app;
ALTER DATABASE :"name" OWNER TO cardfleet;
ALTER SCHEMA public OWNER TO cardfleet;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
