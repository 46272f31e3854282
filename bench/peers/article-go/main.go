// The tutorial's design in Go, in our own words, for comparison: a unary gRPC call per message, an LPUSH of JSON, a
// receiver that pops. Server, sender and receiver are one program, told by its first argument which to be.
//
//	article-go server <redis address> [<listen address>]
//	article-go sender
//	article-go receiver
//
// Sender and receiver answer questions, a line of JSON each, as the benchmark's own programs do.
package main

//go:generate sh -c "protoc --plugin=protoc-gen-go=$(go tool -n protoc-gen-go) --plugin=protoc-gen-go-grpc=$(go tool -n protoc-gen-go-grpc) --go_out=. --go_opt=module=article-go --go-grpc_out=. --go-grpc_opt=module=article-go article.proto"

import (
	"fmt"
	"os"
)

// Topic is the list in Redis.
const Topic = "messages"

// Receiver is whom the tutorial's receiver program keeps messages for.
const Receiver = "receiver-01"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) >= 2 && args[0] == "server":
		listen := "127.0.0.1:0"
		if len(args) > 2 {
			listen = args[2]
		}
		return serve(NewRedisBroker(args[1], Topic), listen)
	case len(args) == 1 && args[0] == "sender":
		return answerQuestions(newSenderProgram().answers())
	case len(args) == 1 && args[0] == "receiver":
		return answerQuestions(newReceiverProgram().answers())
	}
	return fmt.Errorf("usage: article-go server <redis address> [<listen address>] | sender | receiver")
}
