package record

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"flasktui/ui/quiz"
)

// quizzed is the file that a person's quiz is kept in, to be gone on with: a line an answer.
func quizzed(home string) string {
	return filepath.Join(home, ".local", "state", "flasktui", "quiz.jsonl")
}

// KeepAnswer writes one line of the quiz down. Nothing is made in somebody else's home
// directory, as with Welcome.
func KeepAnswer(home string, answer quiz.Answer) error {
	info, err := os.Stat(home)
	if err == nil {
		err = trusted(info, fs.ModeDir)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", home, err)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	file, err := open(quizzed(home))
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	return errors.Join(err, file.Close())
}

// Answers are the lines of the quiz so far. A line that is none of ours is left out.
func Answers(home string) ([]quiz.Answer, error) {
	file, err := openRecord(quizzed(home))
	if err != nil || file == nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var answers []quiz.Answer
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var answer quiz.Answer
		if json.Unmarshal(lines.Bytes(), &answer) == nil {
			answers = append(answers, answer)
		}
	}
	return answers, lines.Err()
}
