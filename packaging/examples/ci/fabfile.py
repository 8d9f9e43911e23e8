"""fab -H web1,web2 deploy --release RELEASE: box by box, each proved before the next."""

import json
import shlex

from fabric import task
from invoke import Exit

SERVICE = "shop"
DEPLOY = "/usr/local/bin/deploy"  # your own: puts the release there, restarts the service


@task
def deploy(c, release):
    name = shlex.quote(release)
    deployed = c.run(f"{DEPLOY} {name}", warn=True)
    looked = c.run(f"sudo flasktui check {SERVICE} --json --expect {name} --retry-timeout 60s", warn=True, hide="stdout")
    report = json.loads(looked.stdout)
    print(f"{c.host}: {report.get('verdict', 'no report')}: {report.get('summary') or report.get('error')}")
    if report.get("verdict") == "down":
        c.run(f"sudo flasktui fix {SERVICE} --fix rollback --yes", warn=True)
    if deployed.failed or looked.failed:
        raise Exit(code=deployed.exited or looked.exited)
