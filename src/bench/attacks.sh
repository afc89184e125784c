#!/usr/bin/env bash
# What an administrator's GET /api/v2/users/me takes while others attack the service, and how soon it is as usual afterwards.
#
#   src/bench/attacks.sh [jar] [attack ...]
#
# Runs the packaged service (default: the newest target/signet-*.jar, so package first; an older one can be compared) with 512 MB
# of heap on the loopback interface, with an embedded database in a folder of its own, once for each attack: none,
# half-sent, headers-only, payloads, never-read, drips, passwords, streams (default: all). An attack lasts
# up to 15 seconds; meanwhile a new connection every 100 ms asks and is timed. Prints a table and JSON. JVM holds the options of
# the service's Java (default: -Xmx512m -XX:+ExitOnOutOfMemoryError), SERVER_PORT its port (18080), WORK a folder to keep.
# Needs a JDK 25 (JAVA_HOME, or java on the PATH) and what the build needs.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
jar=${1:-$(ls -t "$root"/target/signet-*.jar | head -n 1)}
shift || true
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=${WORK:-$(mktemp -d)}
[ -n "${WORK:-}" ] || trap 'rm -rf "$work"' EXIT
# thousands of connections, at both ends
ulimit -n "$(ulimit -Hn)"

# the embedded database is not in the packaged jar
if [ ! -d "$work/lib" ]; then
    "$root/mvnw" -q -f "$root/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$work/all"
    mkdir "$work/lib"
    mv "$work"/all/embedded-postgres* "$work"/all/commons-* "$work"/all/xz-* "$work/lib"
fi
"$java" "$root/src/bench/Attacks.java" "$jar" "$work/lib" "$work" "$@"
