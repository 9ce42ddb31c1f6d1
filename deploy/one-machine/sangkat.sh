#!/bin/sh
# /usr/local/sbin/sangkat: the command as the register's own user, with its settings. A SANGKAT_DATABASE that is
# given counts before the one of the settings: what the owner of the tables has to do, workers may not.
set -eu
given="${SANGKAT_DATABASE:-}"
set -a
. /etc/sangkat/sangkat.env
SANGKAT_DATABASE="${given:-${SANGKAT_DATABASE:-}}"
set +a
exec runuser --user sangkat -- /usr/local/lib/sangkat/.venv/bin/sangkat "$@"
