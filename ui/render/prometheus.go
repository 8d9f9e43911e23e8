package render

import (
	"fmt"
	"io"
	"strings"

	"flasktui/steps/report"
)

// WritePrometheus writes a report as metrics, in the text format that the textfile collector
// of the node exporter reads.
func WritePrometheus(w io.Writer, document report.Report) error {
	service := label("service", string(document.Target.Service))
	page := &metrics{}
	page.family("flasktui_look_success", "Whether flasktui came to a report (1) or not (0).")
	page.sample(service, 1)
	page.family("flasktui_fresh", "Whether the new release is proved to be live (1) or not (0).")
	page.sample(service, number(document.Verdict == report.Fresh))
	page.family("flasktui_verdict", "The verdict: 1 for the one that was given.")
	for _, verdict := range []report.Verdict{report.Fresh, report.Stale, report.Mixed, report.Down, report.Inconclusive} {
		page.sample(service+","+label("verdict", string(verdict)), number(document.Verdict == verdict))
	}
	releases := document.Releases
	page.family("flasktui_release_info", "The release on disk, in the memory of the processes and in the answers; always 1.")
	page.sample(strings.Join([]string{
		service, label("on_disk", string(releases.OnDisk.ID)), label("loaded", string(releases.Loaded.ID)), label("served", string(releases.Served.ID)),
	}, ","), 1)
	page.family("flasktui_cause", "A cause that was found, by its confidence; always 1.")
	for _, cause := range document.Causes {
		page.sample(strings.Join([]string{service, label("cause", cause.ID), label("confidence", string(cause.Confidence))}, ","), 1)
	}
	page.family("flasktui_step_status", "The status of each step: 1 for the one that it has.")
	for _, step := range document.Steps {
		for _, status := range []report.Status{report.OK, report.Warn, report.Fail, report.Unknown, report.Skipped} {
			page.sample(strings.Join([]string{service, label("step", step.ID), label("status", string(status))}, ","), number(step.Status == status))
		}
	}
	page.family("flasktui_look_timestamp_seconds", "When the box was looked at, in seconds since 1970.")
	page.sample(service, float64(document.GeneratedAt.UnixMilli())/1000)
	page.family("flasktui_look_duration_seconds", "How long the look took, in seconds.")
	page.sample(service, float64(document.DurationMS)/1000)
	_, err := io.WriteString(w, page.text.String())
	return err
}

// WritePrometheusFailure says that there is no report, for a service by the name that was asked
// for: an alert must not go silent because a look failed.
func WritePrometheusFailure(w io.Writer, service string) error {
	page := &metrics{}
	page.family("flasktui_look_success", "Whether flasktui came to a report (1) or not (0).")
	page.sample(label("service", service), 0)
	_, err := io.WriteString(w, page.text.String())
	return err
}

// metrics are families of samples, all of them gauges.
type metrics struct {
	text strings.Builder
	name string
}

func (m *metrics) family(name, help string) {
	m.name = name
	fmt.Fprintf(&m.text, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
}

func (m *metrics) sample(labels string, value float64) {
	fmt.Fprintf(&m.text, "%s{%s} %v\n", m.name, labels, value)
}

// label quotes a value as the format wants it: a backslash, a quote and the end of a line.
func label(name, value string) string {
	return name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"`
}

func number(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
