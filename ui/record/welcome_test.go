package record

import (
	"os"
	"path/filepath"
	"testing"

	"flasktui/ui/quiz"
)

// TestAPersonIsANewcomerOnce makes the mark once, for its owner alone to read.
func TestAPersonIsANewcomerOnce(t *testing.T) {
	home := t.TempDir()
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if !Newcomer(home) {
		t.Error("nobody was here before, and there is no newcomer")
	}
	for range 2 {
		if err := Welcome(home); err != nil {
			t.Fatal(err)
		}
	}
	if Newcomer(home) {
		t.Error("whoever was welcomed is a newcomer still")
	}
	info, err := os.Stat(filepath.Join(home, ".local", "state", "flasktui", "welcomed"))
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 0 {
		t.Errorf("the mark is %v, %v", info, err)
	}
}

// TestAMarkIsMadeInOnesOwnHomeAlone makes none where there is no home, nor in one that
// others may write to.
func TestAMarkIsMadeInOnesOwnHomeAlone(t *testing.T) {
	if Newcomer("") {
		t.Error("without a home directory somebody is a newcomer at every start")
	}
	shared := t.TempDir()
	if err := os.Chmod(shared, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := Welcome(shared); err == nil {
		t.Error("a mark was made in a directory that everybody may write to")
	}
	if left, err := os.ReadDir(shared); err != nil || len(left) > 0 {
		t.Errorf("%v was left there, %v", left, err)
	}
}

// TestAQuizIsKeptInOnesOwnHomeAlone keeps it where its owner alone reads it, and goes on over a
// line that is none of ours.
func TestAQuizIsKeptInOnesOwnHomeAlone(t *testing.T) {
	home := t.TempDir()
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if answers, err := Answers(home); err != nil || len(answers) > 0 {
		t.Fatalf("%v, %v before there was a quiz", answers, err)
	}
	path := filepath.Join(home, ".local", "state", "flasktui", "quiz.jsonl")
	for _, answer := range []quiz.Answer{{Seed: "a"}, {Box: "healthy", CauseRight: true}} {
		if err := KeepAnswer(home, answer); err != nil {
			t.Fatal(err)
		}
		if kept, err := os.ReadFile(path); err != nil || os.WriteFile(path, append(kept, "none of ours\n"...), 0o600) != nil {
			t.Fatal(err)
		}
	}
	answers, err := Answers(home)
	if err != nil || len(answers) != 2 || answers[0].Seed != "a" || !answers[1].CauseRight {
		t.Errorf("%+v, %v", answers, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	shared := t.TempDir()
	if err := os.Chmod(shared, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := KeepAnswer(shared, quiz.Answer{Seed: "a"}); err == nil {
		t.Error("it was kept in a directory that everybody may write to")
	}
}
