#!/bin/sh
# deploy.sh BOX RELEASE: puts a release live on a box over ssh, and ends with the proof. Where the
# site does not come up with it, the release that ran before is brought back, and the deploy has
# failed all the same.
#
# DEPLOY is your own command on the box that puts the release there and restarts the service.
set -eu
box=$1 release=$2 service=${SERVICE:-shop} deploy=${DEPLOY:-/usr/local/bin/deploy}

deployed=0
ssh "$box" "$deploy $release" || deployed=$?

# One JSON document comes back whatever happens; what it waits for stands in the log.
status=0
report=$(ssh "$box" "sudo flasktui check $service --json --expect $release --retry-timeout 60s") || status=$?
verdict=$(printf '%s' "$report" | sed -n 's/.*"verdict":"\([a-z]*\)","summary".*/\1/p')
printf '%s on %s: %s\n' "$release" "$box" "${verdict:-no report}"

if [ "$verdict" = down ]; then
	ssh "$box" "sudo flasktui fix $service --fix rollback --yes" || true
fi
[ "$deployed" -eq 0 ] || exit "$deployed"
exit "$status"
