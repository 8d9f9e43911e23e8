package lab

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"os"
	"strconv"
)

// Turn is the part of the rows that one run takes: all of them, or one of several parts,
// which another commit draws otherwise. What takes long is run whole by make, and by turns
// where every commit waits for it.
type Turn struct {
	// Parts is into how many the rows are divided; 1 takes them all.
	Parts uint32
	// Seed draws the part: the commit that is tested.
	Seed string
}

// TurnOf reads LAB_TURNS, a number of parts, and LAB_SEED.
func TurnOf(environment func(string) string) (Turn, error) {
	text := cmp.Or(environment("LAB_TURNS"), "1")
	parts, err := strconv.ParseUint(text, 10, 16)
	if err != nil || parts == 0 {
		return Turn{}, fmt.Errorf("LAB_TURNS is %q, and not a number of parts", text)
	}
	return Turn{Parts: uint32(parts), Seed: environment("LAB_SEED")}, nil
}

// Takes tells whether a row is of this turn.
func (turn Turn) Takes(row string) bool {
	hash := fnv.New32a()
	_, _ = fmt.Fprint(hash, turn.Seed, "/", row)
	return hash.Sum32()%turn.Parts == 0
}

// OfTurn leaves the rows of this turn, and says how many of how many they are.
func OfTurn(rows []Fault) (taken []Fault, words string, err error) {
	turn, err := TurnOf(os.Getenv)
	for _, row := range rows {
		if turn.Parts == 1 || err == nil && turn.Takes(row.Name) {
			taken = append(taken, row)
		}
	}
	return taken, fmt.Sprintf("%d of %d rows, drawn by %q", len(taken), len(rows), turn.Seed), err
}
