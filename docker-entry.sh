#!/bin/sh
# The web process brings the database up to date before it answers; worker and sealer end and
# are started again until it has.
set -e
if [ "$1" = serve ]; then
  /venv/bin/python -m mingzheng migrate
fi
exec /venv/bin/python -m mingzheng "$@"
