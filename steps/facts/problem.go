package facts

import (
	"bytes"
	"regexp"
	"strings"

	"flasktui/sys"
	"flasktui/sys/docker"
	"flasktui/sys/nginx"
	"flasktui/sys/proc"
)

// enterProblem marks every fact of a group as unreadable.
func (facts *Facts) enterProblem(group, problem string) {
	switch group {
	case GroupHost:
		facts.Host = Unreadable[sys.Host](problem, "")
	case GroupProcesses:
		facts.Processes = Unreadable[Processes](problem, "/proc")
	case GroupListeners:
		facts.Listeners = Unreadable[[]proc.Listener](problem, "/proc/net")
	case GroupSupervised:
		facts.Supervised = Unreadable[[]Supervised](problem, "supervisord's configuration")
	case GroupUnitStates:
		facts.UnitStates = Unreadable[UnitStates](problem, "systemctl list-units")
	case GroupUnits:
		facts.Units = Unreadable[[]Unit](problem, "systemctl show")
	case GroupContainers:
		facts.Containers = Unreadable[[]docker.Container](problem, "docker inspect")
	case GroupTarget:
		// What runs and listens says nothing as long as it is not known whose it is.
		facts.Processes = Unreadable[Processes](problem, "systemctl show")
		facts.Listeners = Unreadable[[]proc.Listener](problem, "systemctl show")
	case GroupImages:
		facts.Images = Unreadable[map[string]docker.Image](problem, "docker image inspect")
	case GroupFront:
		facts.Front = Unreadable[Front](problem, "/proc/PID/root")
	case GroupNginx:
		facts.NginxDisk = Unreadable[nginx.Config](problem, "nginx -T")
	case GroupUnitFiles:
		facts.UnitFiles = Unreadable[UnitFiles](problem, "systemctl cat")
	case GroupEnvironment:
		facts.Environment = Unreadable[EnvironmentOnDisk](problem, "EnvironmentFile=")
	case GroupSettings:
		facts.Settings = Unreadable[Settings](problem, "Gunicorn's command line")
	case GroupDeployment:
		facts.Deployment = Unreadable[Deployment](problem, "")
	case GroupCode:
		facts.Code = Unreadable[Code](problem, "")
	case GroupNginxFiles:
		facts.NginxFiles = Unreadable[NginxFiles](problem, "")
	case GroupSite:
		facts.Site = Unreadable[Site](problem, "")
	case GroupStatic:
		facts.Static = Unreadable[Static](problem, "")
	case GroupJournal:
		facts.Journal = Unreadable[[]sys.Text](problem, "journalctl")
	case GroupInside:
		facts.Inside = Unreadable[Inside](problem, "/proc/PID/root")
	case GroupCompose:
		facts.Compose = Unreadable[ComposeFacts](problem, "docker compose config")
	case GroupImageSource:
		facts.ImageSource = Unreadable[ImageSource](problem, "/proc/PID/root")
	case GroupOrigin:
		facts.Origin = Unreadable[Origin](problem, "stat")
	case GroupSiblings:
		facts.Siblings = Unreadable[[]Sibling](problem, "docker inspect")
	case GroupBackground:
		facts.Background = Unreadable[[]Background](problem, "/proc")
	}
}

// faultPlace is the first frame of ours in a stack: enough to report a fault with,
// without the values of arguments, which might be anybody's secrets.
func faultPlace(stack []byte) string {
	own := regexp.MustCompile(`(?m)^\s+\S*/((?:steps|sys|ui)/\S+\.go:\d+)`)
	// The first frames are those of recovering from the panic itself.
	if _, after, found := bytes.Cut(stack, []byte("panic(")); found {
		stack = after
	}
	if match := own.FindSubmatch(stack); match != nil {
		return strings.TrimSpace(string(match[1]))
	}
	return "place unknown"
}
