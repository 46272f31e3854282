package main

import (
	"context"
	"encoding/json"

	"github.com/redis/go-redis/v9"
)

// Message is what lies in Redis, as JSON.
type Message struct {
	Sender   string `json:"sender"`
	Receiver string `json:"receiver"`
	Text     string `json:"text"`
}

// RedisBroker keeps the messages of one topic in a list.
type RedisBroker struct {
	client *redis.Client
	topic  string
}

// NewRedisBroker makes a broker; it connects when it is first used.
func NewRedisBroker(address, topic string) *RedisBroker {
	return &RedisBroker{client: redis.NewClient(&redis.Options{Addr: address}), topic: topic}
}

// Publish pushes a message onto the list.
func (b *RedisBroker) Publish(ctx context.Context, message Message) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return b.client.LPush(ctx, b.topic, body).Err()
}

// Subscribe pops messages, the oldest first, until the context ends. What is popped and not handled is lost.
func (b *RedisBroker) Subscribe(ctx context.Context) (<-chan Message, <-chan error) {
	messages, failure := make(chan Message), make(chan error, 1)
	go func() {
		defer close(messages)
		for ctx.Err() == nil {
			popped, err := b.client.BRPop(ctx, 0, b.topic).Result()
			var message Message
			if err == nil {
				err = json.Unmarshal([]byte(popped[1]), &message)
			}
			if err != nil {
				failure <- err
				return
			}
			messages <- message
		}
	}()
	return messages, failure
}

// Close ends its connections.
func (b *RedisBroker) Close() error {
	return b.client.Close()
}
