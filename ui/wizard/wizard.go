package wizard

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"flasktui/steps"
	"flasktui/steps/guide"
	"flasktui/steps/report"
	"flasktui/ui/keys"
	"flasktui/ui/layout"
	"flasktui/ui/theme"
)

// wizard is the root model. It owns the state and the pages, and routes.
type wizard struct {
	*state
	// ctx ends with the wizard; send hands a message to the running program.
	ctx  context.Context
	send func(tea.Msg)
	// starting ends by startNoMore: a fix starts none of its commands any more.
	starting    context.Context
	startNoMore context.CancelFunc
	// acting says that a fix is under way; it is read beside the program's own loop.
	acting atomic.Bool

	path      *pathPage
	walk      *walkPage
	diagnosis *diagnosisPage
	log       *logPage
	help      *helpPage
	chooser   *chooserPage
	lost      *lostPage
	dialog    *fixDialog
	run       *runningPage
	timeline  *timelinePage
	quick     *quickPage
	debrief   *debriefPage
	copying   *copyPage
	quiz      *quizPage
	watch     *watchPage
	history   *historyPage
	// aside are the lines of the second pane, where the window is wide.
	aside []string

	// home is the service that the options speak of: the first that was examined.
	home string

	shown kind
	// trail are the pages that esc goes back to.
	trail []kind

	// look numbers the examinations, so that an older one cannot speak up late.
	look       int
	cancelLook context.CancelFunc
	// asked is what the person asked to be probed: 0 everything, else a step.
	asked   int
	ticking bool

	search search
	digits digits
	// strangers are keys that do nothing here and were said to once.
	strangers map[string]bool

	fix *fixRun
	// awaited is the plan that was confirmed and runs once the box was looked at with root's
	// rights, if it is then the same.
	awaited *report.Plan
	// askedSudo says that sudo was asked whether it would let this person in.
	askedSudo bool
	terminal  *handover
	crash     *CrashError
	practice  bool
	// quizzed says that the person asked for the quiz, quizFailed why its first box is not there.
	quizzed    bool
	quizFailed error
	stopped    string
}

func newWizard(ctx context.Context, config Config, send func(tea.Msg)) *wizard {
	shared := &state{
		config: config, options: config.Options, keys: keys.Default(),
		theme:   theme.New(theme.Options{Mode: config.Theme, ASCII: config.ASCII, Getenv: config.Getenv}),
		lessons: lessons{step: steps.StepPage, cause: steps.CausePage, words: guide.Words},
		width:   defaultWidth, height: defaultHeight,
	}
	w := &wizard{
		state: shared, ctx: ctx, send: send, terminal: newHandover(config, send),
		path: newPathPage(shared), walk: newWalkPage(shared), diagnosis: newDiagnosisPage(shared),
		log: newLogPage(shared), help: newHelpPage(shared), chooser: newChooserPage(shared),
		lost: newLostPage(shared), dialog: newFixDialog(shared), run: newRunningPage(shared),
		timeline: newTimelinePage(shared), quick: newQuickPage(shared), debrief: newDebriefPage(shared), copying: newCopyPage(shared), quiz: newQuizPage(shared),
		watch: newWatchPage(shared), history: newHistoryPage(shared),
		shown: pathKind,
	}
	if config.Quiz != nil {
		_, w.quizFailed = w.enterBox()
	}
	shared.watcher = w.watch
	w.strangers = map[string]bool{}
	w.starting, w.startNoMore = context.WithCancel(context.WithoutCancel(ctx))
	if config.Step > 0 {
		w.walk.open(config.Step)
		w.shown, w.trail = walkKind, []kind{pathKind}
	}
	// The first look is begun by Init; what it starts with is state and so set here.
	w.probing, w.startedAt = true, config.Now()
	w.arrange()
	return w
}

// Init starts the first look at the box.
func (w *wizard) Init() tea.Cmd { return tea.Batch(w.examine(), w.tick()) }

// Update routes a message. A panic in a page ends the wizard in good order.
func (w *wizard) Update(msg tea.Msg) (model tea.Model, command tea.Cmd) {
	model = w
	defer caught("handling "+kindOf(msg), func(crash *CrashError) {
		w.crash = crash
		command = tea.Quit
	})
	command = w.route(msg)
	w.visits.note(w.shown, w.walk.number)
	w.arrange()
	return w, tea.Batch(command, w.tick())
}

func (w *wizard) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		if msg.Width > 0 && msg.Height > 0 {
			w.width, w.height = msg.Width, msg.Height
		}
	case tea.KeyMsg:
		return w.keyboard(msg)
	case examinedMsg:
		w.examined(msg)
	case examineEndedMsg:
		return w.examineEnded(msg)
	case linesMsg:
		msg.tail.add(msg.lines)
	case tailEndedMsg:
		msg.tail.ended, msg.tail.err = true, msg.err
	case progressMsg:
		w.run.progress(msg.events)
	case appliedMsg:
		return w.applied(msg)
	case settledMsg:
		if w.shown == dialogKind && w.dialog.settled(msg.press) {
			return w.confirmed()
		}
	case terminalMsg:
		return w.terminal.exec(msg)
	case unlockedMsg:
		return w.unlocked(msg)
	case listedMsg:
		return w.listed(msg)
	case glancedMsg:
		return w.glanced(msg)
	case refusedMsg:
		w.refusal = msg.reason
	case noticeMsg:
		w.notice = msg.text
	case watchMsg:
		return w.lookAgain(msg)
	case historyMsg:
		w.history.runs, w.history.err, w.history.read = msg.runs, msg.err, true
	case clockMsg:
		w.ticking = false
	case tea.ResumeMsg:
		w.dialog.hush()
		return tea.ClearScreen
	case stopMsg:
		w.stopped = msg.reason
		return tea.Quit
	case crashMsg:
		w.crash = msg.crash
		return tea.Quit
	}
	return nil
}

// page is the page that is shown.
func (w *wizard) page() page { return w.of(w.shown) }

func (w *wizard) of(shown kind) page {
	switch shown {
	case walkKind:
		return w.walk
	case diagnosisKind:
		return w.diagnosis
	case logKind:
		return w.log
	case helpKind:
		return w.help
	case chooserKind:
		return w.chooser
	case lostKind:
		return w.lost
	case dialogKind:
		return w.dialog
	case runningKind:
		return w.run
	case timelineKind:
		return w.timeline
	case quickKind:
		return w.quick
	case debriefKind:
		return w.debrief
	case copyKind:
		return w.copying
	case quizKind:
		return w.quiz
	case watchKind:
		return w.watch
	case historyKind:
		return w.history
	case noPage, pathKind:
	}
	return w.path
}

// The lines that frame a page: header, rule, status, footer; and the practice banner.
const frameLines = 4

func (w *wizard) bodyHeight() int {
	height := w.height - frameLines
	if w.banner() {
		height--
	}
	return max(height, 1)
}

// practising is said on every page of a practice box.
const practising = "PRACTICE: nothing real is touched"

// banner says that practising has a line of its own; in a low window the line below the page
// says it, as what is wrong comes first.
func (w *wizard) banner() bool { return w.config.Practice && w.height-frameLines > low }

func (w *wizard) arrange() { w.arrangePanes() }

// View is exactly as many lines as the terminal has, none wider than it.
func (w *wizard) View() (view string) {
	defer caught("drawing", func(crash *CrashError) {
		view = crash.Error()
		go w.send(crashMsg{crash})
	})
	lines := []string{w.header(w.width)}
	if w.banner() {
		lines = append(lines, w.theme.Strong(practising))
	}
	lines = append(lines, w.theme.Quiet(strings.Repeat(w.theme.Rule, w.width)))
	body := w.joined()
	body = w.closed(append(body, make([]string, max(0, w.bodyHeight()-len(body)))...)[:w.bodyHeight()])
	lines = append(lines, body...)
	lines = append(lines, w.status(w.width, w.page().more()), w.footer(w.hints(), w.always(), w.width))
	lines = append(lines, make([]string, w.bodyHeight()-len(body))...)
	if len(lines) > w.height {
		// Too low a window for a frame: what is examined and how it stands remains.
		lines = lines[:w.height]
	}
	for i, line := range lines {
		lines[i] = layout.End(line, w.width, "")
	}
	return strings.Join(lines, "\n")
}

// slow is when a look has taken so long that its time is told.
const slow = time.Second

// tick moves the times on the screen when they next change, and no sooner. There is
// never more than one tick on its way.
func (w *wizard) tick() tea.Cmd {
	if w.ticking {
		return nil
	}
	var wait time.Duration
	switch {
	case w.probing, w.run.running():
		wait = time.Second
	case w.finished:
		wait = untilNext(w.config.Now().Sub(w.probedAt))
	default:
		return nil
	}
	w.ticking = true
	return tea.Tick(wait, func(time.Time) tea.Msg { return clockMsg{} })
}
