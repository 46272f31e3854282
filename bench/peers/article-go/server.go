package main

import (
	"context"
	"fmt"
	"log"
	"net"

	"article-go/articlepb"

	"google.golang.org/grpc"
)

// messageServer answers ok even when publishing failed, as the tutorial does; a log line for each message, as there, is
// left out.
type messageServer struct {
	articlepb.UnimplementedMessageServiceServer
	broker *RedisBroker
}

func (s *messageServer) Send(ctx context.Context, request *articlepb.Message) (*articlepb.Response, error) {
	message := Message{Sender: request.Sender, Receiver: request.Receiver, Text: request.Text}
	if err := s.broker.Publish(ctx, message); err != nil {
		log.Print(err)
	}
	return &articlepb.Response{Ok: true}, nil
}

// serve says where it listens on its standard output, and serves until the process ends.
func serve(broker *RedisBroker, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	articlepb.RegisterMessageServiceServer(server, &messageServer{broker: broker})
	fmt.Printf("listening on %s\n", listener.Addr())
	return server.Serve(listener)
}
