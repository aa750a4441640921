#!/bin/sh
# Writes the server's settings to memory, then starts it: a password on a command line could be read by everybody who sees processes.
set -eu

# No quotes or control characters: the file's syntax would take them for something else.
case "$(cat "$PASSWORD_FILE")" in
  '')
    echo "start: the password is empty" >&2
    exit 2
    ;;
  *[!A-Za-z0-9_.~-]*)
    echo "start: the password may hold letters, digits and _ . ~ - only" >&2
    exit 2
    ;;
esac

umask 077
{
  cat "$SETTINGS"
  printf 'maxmemory %smb\n' "$MAX_MEMORY_MIB"
  printf 'requirepass %s\n' "$(cat "$PASSWORD_FILE")"
} > "$RUN/redis.conf"
exec "$REDIS_PROGRAM" "$RUN/redis.conf"
