package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type question struct {
	ID       int             `json:"id"`
	Ask      string          `json:"ask"`
	Argument json.RawMessage `json:"argument"`
}

type answer struct {
	ID    int    `json:"id"`
	Value any    `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

type answers map[string]func(argument json.RawMessage) (any, error)

// answerQuestions reads a question a line and answers each in turn, until nobody is left to ask.
func answerQuestions(known answers) error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			return err
		}
		reply := answer{ID: asked.ID}
		act, ok := known[asked.Ask]
		if !ok {
			reply.Error = fmt.Sprintf("nobody here knows %q", asked.Ask)
		} else if value, err := act(asked.Argument); err != nil {
			reply.Error = err.Error()
		} else {
			reply.Value = value
		}
		if err := out.Encode(reply); err != nil {
			return err
		}
	}
	return lines.Err()
}
