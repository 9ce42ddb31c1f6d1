-- Two roles: the owner makes and changes tables (`sangkat migrate`), workers add to the log. Run once on
-- whichever machine leads, as user postgres:  psql --file=roles.sql; then set both passwords with \password.
CREATE ROLE sangkat_owner LOGIN;
CREATE ROLE sangkat_worker LOGIN;
CREATE DATABASE sangkat OWNER sangkat_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE sangkat FROM PUBLIC;
GRANT CONNECT ON DATABASE sangkat TO sangkat_worker;
