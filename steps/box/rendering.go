package box

import "flasktui/sys"

// Rendering are the processes that answer new requests, each of which keeps the templates
// that it has shown itself: where the master preloads the app, workers that a reload made
// have shown none of before it.
func (b *Box) Rendering() []Loader {
	var showing []Loader
	for _, server := range b.Own() {
		leaving := b.Leaving(server)
		main, other := server.Roles()
		for _, worker := range server.Workers {
			if !leaving[worker.PID] && !b.mayLeave(server, worker) {
				showing = append(showing, b.JudgeLoader(worker, other))
			}
		}
		if len(server.Workers) == 0 {
			showing = append(showing, b.JudgeLoader(server.Master, main))
		}
	}
	return showing
}

// TemplateDoubt is why it is not known whether a process shows a template of before; empty
// where that is known.
func (b *Box) TemplateDoubt() sys.Text {
	template := b.Code.Value.UnsettledTemplate
	if b.Code.Value.AutoReloadTemplates || template.At.IsZero() {
		return ""
	}
	for _, one := range b.Rendering() {
		if After(template.At, one.Process.Started) {
			return sys.Textf("%s changed in some way at %s, after the %s %d was started, and nothing tells whether that shows it as it was before: %s.",
				b.ShortSource(template.Path), b.Clock(template.At), one.Role, one.Process.PID, template.Unsettled)
		}
	}
	return ""
}
