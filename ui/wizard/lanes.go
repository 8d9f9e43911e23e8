package wizard

import (
	"slices"
	"strings"
	"time"

	"flasktui/steps/report"
	"flasktui/ui/layout"
)

// lanesFrom is the width from which the time line has a lane for each place where something
// happened; below that it is a list.
const lanesFrom = 100

// lanes draws moments below one another on one axis, each in the lane of its place, with the long
// silences marked. Where a process loaded before the newest change, a line at the right joins the
// two: the oldest of what is out of date, and the newest change after it.
func (s *sheet) lanes(moments []report.Moment) {
	var places []string
	for _, place := range []string{report.LaneDisk, report.LaneProcess, report.LaneNginx, report.LaneContainer} {
		if slices.ContainsFunc(moments, func(moment report.Moment) bool { return moment.Lane == place }) {
			places = append(places, place)
		}
	}
	clock := report.MomentClock(moments)
	axis := 2 + len(clock) + 2
	each := (s.width - axis - joinWidth) / max(len(places), 1)
	heads := strings.Repeat(" ", axis)
	for _, place := range places {
		heads += layout.Pad(laneName(place), each)
	}
	s.add(s.theme.Strong(strings.TrimRight(heads, " ")))
	first := make([]int, len(moments))
	day, last := "", time.Time{}
	for i, moment := range moments {
		if today := moment.At.Format("2006-01-02"); today != day {
			if i > 0 {
				s.gap()
			}
			s.add(strings.TrimRight("  "+s.theme.Strong(today)+"  "+s.theme.Quiet(later(last, moment.At.Time)), " "))
			day = today
		}
		last, first[i] = moment.At.Time, len(s.lines)
		lead := layout.Pad("  "+moment.At.Format(clock), axis+each*slices.Index(places, moment.Lane))
		if moment.State != report.Fail {
			s.inLane(lead, string(moment.What), each, nil)
			continue
		}
		s.inLane(lead+s.theme.Mark(report.Fail)+" ", string(moment.What), each, s.theme.Strong)
	}
	if from, to := contradiction(moments); to > 0 {
		s.join(first[from], first[to])
		s.gap()
		s.prose(2, "The line at the right joins what is out of date and the newest change, which came "+gapBetween(moments[from], moments[to])+" after it.")
	}
}

// joinWidth is room for the line that joins two moments.
const joinWidth = 3

func laneName(place string) string {
	if place == report.LaneNginx {
		return "Nginx"
	}
	return place
}

// inLane writes what happened beside a lead that ends where its lane begins.
func (s *sheet) inLane(lead, what string, each int, paint func(string) string) {
	margin := layout.Width(lead)
	room := each - 1
	if paint != nil {
		room -= 2
	}
	for i, line := range layout.Wrap(s.theme.Fold(what), room) {
		if paint != nil {
			line = paint(line)
		}
		if i > 0 {
			lead = strings.Repeat(" ", margin)
		}
		s.add(lead + line)
	}
}

// contradiction are the places of the oldest moment that is out of date and of the newest change
// on disk after it; 0 and 0 where nothing contradicts.
func contradiction(moments []report.Moment) (from, to int) {
	from = slices.IndexFunc(moments, func(moment report.Moment) bool { return moment.State == report.Fail })
	if from < 0 {
		return 0, 0
	}
	for i, moment := range moments {
		if i > from && moment.Side == report.OnDisk {
			to = i
		}
	}
	return from, to
}

func gapBetween(older, newer report.Moment) string {
	passed := newer.At.Sub(older.At.Time)
	switch {
	case passed < time.Minute:
		return seconds(passed)
	case passed < time.Hour:
		return several(int(passed.Minutes()), "minute")
	case passed < 48*time.Hour:
		return several(int(passed.Hours()), "hour")
	}
	return several(int(passed.Hours()/24), "day")
}

// join draws a line at the right from one line to another.
func (s *sheet) join(from, to int) {
	for at := from; at <= to; at++ {
		piece := s.theme.Rail
		switch at {
		case from:
			piece = s.theme.JoinTop
		case to:
			piece = s.theme.JoinBottom
		}
		s.lines[at] = layout.Pad(s.lines[at], s.width-1) + s.theme.Status(report.Fail, piece)
	}
}
