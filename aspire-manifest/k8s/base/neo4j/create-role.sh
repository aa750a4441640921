#!/bin/sh
# Creates the services' user and a role with the least rights they need; running it again changes nothing but the password.
set -eu

# Cypher's own quoting would have to be right for every character; none of these needs any.
case "$(cat "$APPLICATION_PASSWORD_FILE")" in
  '' | *[!A-Za-z0-9_.~-]*)
    echo "create-role: the application's password may hold letters, digits and _ . ~ - only" >&2
    exit 2
    ;;
esac

run() {
  "$CYPHER_SHELL" --address "$NEO4J_URL" --username neo4j --database system --format plain --non-interactive
}

# Read from standard input and environment: a password on a command line could be read by everybody who sees processes.
NEO4J_PASSWORD=$(cat "$PASSWORD_FILE")
export NEO4J_PASSWORD

waited=0
until echo 'SHOW DATABASES YIELD name RETURN count(*);' | run > /dev/null 2>&1; do
  if [ "$waited" -ge "$WAIT_SECONDS" ]; then
    echo "create-role: no answer after $WAIT_SECONDS s" >&2
    echo 'SHOW DATABASES YIELD name RETURN count(*);' | run
    exit 1
  fi
  sleep 5
  waited=$((waited + 5))
done

run <<STATEMENTS
CREATE USER reco IF NOT EXISTS SET PLAINTEXT PASSWORD '$(cat "$APPLICATION_PASSWORD_FILE")' SET PASSWORD CHANGE NOT REQUIRED;
CREATE ROLE reco IF NOT EXISTS;
GRANT ROLE reco TO reco;
GRANT ACCESS ON DATABASE neo4j TO reco;
GRANT MATCH {*} ON GRAPH neo4j TO reco;
GRANT WRITE ON GRAPH neo4j TO reco;
GRANT NAME MANAGEMENT ON DATABASE neo4j TO reco;
GRANT INDEX MANAGEMENT ON DATABASE neo4j TO reco;
GRANT CONSTRAINT MANAGEMENT ON DATABASE neo4j TO reco;
STATEMENTS

# A user who was there before may have an older password; the server refuses to set the one that he has.
if ! echo 'RETURN 1;' | NEO4J_PASSWORD=$(cat "$APPLICATION_PASSWORD_FILE") "$CYPHER_SHELL" --address "$NEO4J_URL" --username reco --database neo4j --format plain --non-interactive > /dev/null 2>&1; then
  run <<STATEMENTS
ALTER USER reco SET PLAINTEXT PASSWORD '$(cat "$APPLICATION_PASSWORD_FILE")' SET PASSWORD CHANGE NOT REQUIRED;
STATEMENTS
fi
echo "create-role: the user 'reco' has the role 'reco'"
