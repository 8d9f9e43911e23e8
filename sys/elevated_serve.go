package sys

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"
)

// ReadsArgument is what this program is called with to answer questions about files with
// root's rights: it reads them, answers, and ends.
const ReadsArgument = "answer-reads"

// elevatedAnswer is an answer on its way from one process to the other.
type elevatedAnswer struct {
	answer
	// Beside says what the entries of a listed directory are, by name.
	Beside map[string]beside `json:"beside,omitempty"`
	Error  *sentError        `json:"error,omitempty"`
}

// beside is an entry of a listed directory: what it is, and where a link leads.
type beside struct {
	Info   FileInfo `json:"info"`
	Target string   `json:"target,omitempty"`
}

// ServeReads answers questions in JSON, and returns the exit status.
func ServeReads(in io.Reader, out io.Writer) int {
	var questions []question
	if err := json.NewDecoder(in).Decode(&questions); err != nil {
		return 1
	}
	local := NewLocal(LocalOptions{NoSudo: true})
	answers := make([]elevatedAnswer, len(questions))
	for i, asked := range questions {
		got, err := local.opener.answer(asked)
		answers[i] = elevatedAnswer{answer: got, Error: sent(err)}
		if asked.Op == askList {
			answers[i].Beside = local.opener.beside(asked, got.Entries)
		}
	}
	if err := json.NewEncoder(out).Encode(answers); err != nil {
		return 1
	}
	return 0
}

func (o *opener) beside(listed question, entries []Entry) map[string]beside {
	found := map[string]beside{}
	for _, entry := range entries {
		name := path.Join(listed.Path, entry.Name)
		info, err := o.look(name, listed.behalf)
		if err != nil {
			continue
		}
		what := beside{Info: info}
		if info.IsLink() {
			what.Target, err = o.readLink(name, listed.behalf)
		}
		if err == nil {
			found[entry.Name] = what
		}
	}
	return found
}

// local puts times that came as text into the form that this process gives them.
func (info FileInfo) local() FileInfo {
	for _, at := range []*time.Time{&info.Modified, &info.Changed, &info.Born} {
		if !at.IsZero() {
			*at = at.Local()
		}
	}
	return info
}

// sentErrors are the errors that callers ask for, in an order that both processes know.
func sentErrors() []error {
	return []error{
		fs.ErrNotExist, fs.ErrPermission, ErrTruncated, ErrNotRegular, ErrLedAway, ErrKept,
		syscall.ENOTDIR, syscall.ELOOP, syscall.EINVAL,
	}
}

// sentError is an error on its way: its text, and which of sentErrors it is.
type sentError struct {
	Text string `json:"text"`
	Is   []int  `json:"is,omitempty"`
}

func sent(err error) *sentError {
	if err == nil {
		return nil
	}
	on := &sentError{Text: err.Error()}
	for i, known := range sentErrors() {
		if errors.Is(err, known) {
			on.Is = append(on.Is, i)
		}
	}
	return on
}

func (s *sentError) decoded() error {
	if s == nil {
		return nil
	}
	got := receivedError{text: string(Safe(s.Text))}
	for _, i := range s.Is {
		if known := sentErrors(); i >= 0 && i < len(known) {
			got.is = append(got.is, known[i])
		}
	}
	return got
}

type receivedError struct {
	text string
	is   []error
}

func (e receivedError) Error() string   { return e.text }
func (e receivedError) Unwrap() []error { return e.is }

// ownProgram is the file that this process runs.
func (l *Local) ownProgram() (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNeedsPrivilege, err)
	}
	return l.onlyOurs(program)
}

// onlyOurs refuses a program that others than root and the caller could exchange: they would
// have root run what they like. The caller could exchange one in their own directory, and
// gains nothing: nothing is read by sudo for those whom it lets run no other command.
func (l *Local) onlyOurs(program string) (string, error) {
	// What sudo would be needed for to look at is not looked at with it.
	ctx, unaided := context.Background(), NewLocal(LocalOptions{NoSudo: true})
	deciders, err := FindDeciders(ctx, unaided, program)
	if err != nil {
		return "", fmt.Errorf("%w, and root is not to run what cannot be looked at: %w", ErrNeedsPrivilege, err)
	}
	others := deciders.Names(ReadAccounts(ctx, unaided), 0, uint32(l.uid)) //nolint:gosec // a user id
	if len(others) > 0 {
		return "", fmt.Errorf("%w, and root is not to run %s, which others may change (%s)", ErrNeedsPrivilege, Safe(program), strings.Join(others, ", "))
	}
	return program, nil
}
