#!/bin/sh
# /usr/local/sbin/sangkat: the command as the register's own user, with its settings.
set -eu
set -a
. /etc/sangkat/sangkat.env
set +a
exec runuser --user sangkat -- /usr/local/lib/sangkat/.venv/bin/sangkat "$@"
