#!lua flags=allow-oom
-- Takes back a delayed message.
--
-- KEYS     delayed, entries of the delayed
-- ARGV     sender and id of the message
-- Returns  1 if it was waiting, else 0
--
-- May use more memory than Redis is allowed: it gives some back.

redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])
