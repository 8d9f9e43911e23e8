package steps

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"flasktui/steps/box"
	"flasktui/steps/causes"
	"flasktui/steps/facts"
	"flasktui/steps/report"
	"flasktui/sys"
)

// timeline is what happened when, in order. What no time is known of is not there.
func timeline(b *box.Box, found []report.Finding) []report.Moment {
	moments, lane := []report.Moment{}, ""
	add := func(side string, state report.Status, at time.Time, what, source sys.Text) {
		if !at.IsZero() {
			moments = append(moments, report.Moment{At: report.Time{Time: at}, Side: side, Lane: cmp.Or(lane, laneOf(side)), What: what, Source: source, State: state})
		}
	}
	codeMoments(b, add)
	configurationMoments(b, add)
	processMoments(b, add, found)
	lane = report.LaneNginx
	nginxMoments(b, add, found)
	lane = report.LaneContainer
	containerMoments(b, add, found)
	slices.SortStableFunc(moments, func(a, b report.Moment) int {
		if order := a.At.Compare(b.At.Time); order != 0 {
			return order
		}
		// Of two at once the disk comes first: a process reads what is there.
		return strings.Compare(a.Side, b.Side)
	})
	return slices.CompactFunc(moments, func(a, b report.Moment) bool { return a.At.Equal(b.At.Time) && a.What == b.What })
}

// laneOf is the lane of what happened to the code and to those who load it.
func laneOf(side string) string {
	if side == report.InMemory {
		return report.LaneProcess
	}
	return report.LaneDisk
}

type addMoment func(side string, state report.Status, at time.Time, what, source sys.Text)

// codeMoments are what the deploy did.
func codeMoments(b *box.Box, add addMoment) {
	deployment, code := b.Deployment.Value, b.Code.Value
	if link := deployment.Link; !b.Change.LinkAt.IsZero() {
		add(report.OnDisk, report.OK, b.Change.LinkAt, sys.Textf("%s moved to %s", b.ShortPath(link.Path), b.ShortPath(link.Resolved)), sys.Textf("lstat %s", link.Path))
	}
	if source := code.DiskSource(); source.Path != "" {
		add(report.OnDisk, report.OK, source.At, sys.Textf("source %s written", b.ShortSource(source.Path)), sys.Textf("statx %s", source.Path))
	}
	if template := code.DiskTemplate(); template.Path != "" {
		add(report.OnDisk, report.OK, template.At, sys.Textf("template %s written", b.ShortSource(template.Path)), sys.Textf("statx %s", template.Path))
	}
	if repository := deployment.Repository; repository != nil {
		if entry, ok := box.LastMove(*repository); ok {
			at := entry.At
			if exact := b.Change.At; exact.Sub(at) >= 0 && exact.Sub(at) < time.Second {
				at = exact // The reflog knows whole seconds, the files that it moved more.
			}
			add(report.OnDisk, report.OK, at, sys.Textf("HEAD moved to %s (%s)", box.ShortCommit(entry.New), entry.Action), sys.Textf("%s/logs/HEAD", repository.GitDirectory))
		}
	}
	if tree := deployment.AppDir; tree != nil && tree.Resolved != deployment.Active {
		add(report.OnDisk, report.OK, tree.ChangedAt.At, sys.Textf("%s written, where the deploy puts it", tree.ChangedAt.Path), sys.Textf("statx %s", tree.ChangedAt.Path))
	}
	for _, release := range deployment.Releases {
		if release.Path > deployment.Active && deployment.ByName || release.MadeAt().After(b.Change.At) {
			add(report.OnDisk, report.OK, release.MadeAt(), sys.Textf("release %s made, not the active one", release.Name), sys.Textf("statx %s", release.Path))
		}
	}
}

// configurationMoments are when the unit and what it reads were written.
func configurationMoments(b *box.Box, add addMoment) {
	for _, file := range b.UnitFiles.Value.All() {
		what := sys.Textf("%s written", file.Path)
		add(report.OnDisk, report.OK, file.Info.ContentTime(), what, sys.Textf("statx %s", file.Path))
	}
	for _, file := range b.Environment.Value.Files {
		if !file.Missing {
			add(report.OnDisk, report.OK, file.Info.ContentTime(), sys.Textf("environment file %s written", file.Path), sys.Textf("statx %s", file.Path))
		}
	}
}

// processMoments are when the processes that run took in what they run.
func processMoments(b *box.Box, add addMoment, found []report.Finding) {
	master := markedBy(found, causes.MasterStarted)
	for _, server := range b.Own() {
		state, loads := master, ""
		main, _ := server.Roles()
		if b.PreloadKnown && b.Preload || len(server.Workers) == 0 && server.WSGI == nil {
			loads = " and loaded the code"
			if b.Holds(server.Master.PID) == box.Stale {
				state = report.Fail
			}
		}
		if causes.Marks(found, causes.UnitLoaded) {
			// When that was nothing tells; it was before the unit was written.
			loads += ", from the unit that systemd had loaded"
		}
		if again := server.LoadedBy().Started; !again.Equal(server.Master.Started) {
			// What it holds is of its reload; it lives longer.
			add(report.InMemory, report.OK, server.Master.Started, sys.Textf("%s %s %d started", server.Software().Name, main, server.Master.PID), sys.Textf("/proc/%d/stat", server.Master.PID))
			add(report.InMemory, state, again, sys.Textf("%s %s %d reloaded under the same process id%s", server.Software().Name, main, server.Master.PID, loads), sys.Textf("/proc/%d/map_files", server.Master.PID))
			workerMoments(b, add, server, found)
			continue
		}
		add(report.InMemory, state, server.Master.Started, sys.Textf("%s %s %d started%s", server.Software().Name, main, server.Master.PID, loads), sys.Textf("/proc/%d/stat", server.Master.PID))
		workerMoments(b, add, server, found)
	}
	for _, server := range b.Serving {
		if !b.IsOwn(server) {
			add(report.InMemory, markedBy(found, causes.StrangerStarted), server.Master.Started,
				sys.Textf("%s started", holderWords(b, server)), sys.Textf("/proc/%d/stat", server.Master.PID))
		}
	}
	for _, background := range b.Background.Value {
		state := report.OK
		if b.JudgeBackground(background).State == box.Stale {
			state = markedBy(found, causes.BackgroundStarted)
		}
		add(report.InMemory, state, background.Started,
			sys.Textf("background worker %d%s started", background.PID, ofUnit(background.Unit)), sys.Textf("/proc/%d/stat", background.PID))
	}
}

// workerMoments puts workers that started together, with the same code, into one line.
func workerMoments(b *box.Box, add addMoment, server facts.Server, found []report.Finding) {
	const together = 2 * time.Second
	workers := slices.Clone(server.Workers)
	slices.SortStableFunc(workers, func(a, b facts.Process) int { return a.Started.Compare(b.Started) })
	loads := " and loaded the code"
	if server.LoadsLate() {
		loads = ""
	}
	if b.PreloadKnown && b.Preload {
		loads = ", copies of the master"
	}
	for len(workers) > 0 {
		first, count := workers[0], 1
		for count < len(workers) && workers[count].Started.Sub(first.Started) < together && b.Holds(workers[count].PID) == b.Holds(first.PID) {
			count++
		}
		state := markedBy(found, causes.WorkersStarted)
		// A worker that was replaced since has the new templates.
		if b.Holds(first.PID) == box.Stale || box.After(b.Code.Value.Template.At, first.Started) && causes.Marks(found, causes.TemplatesRead) {
			state = report.Fail
		}
		noun := "worker"
		if count > 1 {
			noun = "workers"
		}
		add(report.InMemory, state, first.Started, sys.Textf("%s %s started%s", noun, processNumbers(workers[:count]), loads), sys.Textf("/proc/%d/stat", first.PID))
		workers = workers[count:]
	}
}

// nginxMoments are when Nginx's configuration was written and when it was read.
func nginxMoments(b *box.Box, add addMoment, found []report.Finding) {
	if changed := b.NginxFiles.Value.Changed; len(changed) > 0 {
		add(report.OnDisk, report.OK, changed[0].At, sys.Textf("Nginx's %s written", strings.TrimPrefix(changed[0].Path, "/etc/nginx/")), sys.Textf("statx %s", changed[0].Path))
	}
	add(report.InMemory, markedBy(found, causes.NginxLoaded), b.NginxLoadedAt(),
		"Nginx's workers started, with the configuration at that time", "/proc/PID/stat of the oldest worker")
}

func containerMoments(b *box.Box, add addMoment, found []report.Finding) {
	container, ok := b.TargetContainer()
	if !ok {
		return
	}
	source := box.DockerLine(container, "inspect", container.Name)
	state := markedBy(found, causes.ContainerStarted)
	if image, known := b.Images.Value[container.ImageID]; known {
		add(report.OnDisk, report.OK, image.Created, sys.Textf("image of container %s built", container.Name), sys.Textf("docker image inspect %.19s", container.ImageID))
	}
	add(report.InMemory, state, container.Created, sys.Textf("container %s made", container.Name), source)
	add(report.InMemory, state, container.Started, sys.Textf("container %s started", container.Name), source)
}

// markedBy is Fail where a cause that was found, and decides, marks the moment.
func markedBy(found []report.Finding, moment causes.Moment) report.Status {
	if causes.Marks(found, moment) {
		return report.Fail
	}
	return report.OK
}

func ofUnit(unit string) string {
	if unit == "" {
		return ""
	}
	return " of " + unit
}
