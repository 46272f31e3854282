#!lua flags=allow-oom
-- Takes back a delayed message, and frees the deduplication id that it was stored under.
--
-- KEYS     delayed, entries of the delayed, then, of a message with one, its deduplication id's
-- ARGV     sender and id of the message, its id, what its entry begins with
-- Returns  1 if it was waiting; 0 if none was; -1 if the one that waits begins otherwise: it came meanwhile, and may have
--          another deduplication id
--
-- May use more memory than Redis is allowed: it gives some back.

local member, id, head = unpack(ARGV)
local entry = redis.call('HGET', KEYS[2], member)
if not entry then
  -- What stands for no message must not be met again.
  redis.call('ZREM', KEYS[1], member)
  return 0
end
if string.sub(entry, 1, #head) ~= head then return -1 end
redis.call('HDEL', KEYS[2], member)
redis.call('ZREM', KEYS[1], member)
-- Behind the epoch stands who has the id now: when the window was over, it may be another message.
local original = KEYS[3] and redis.call('GET', KEYS[3])
if original and string.match(original, '^%S+ (.*)$') == id then redis.call('DEL', KEYS[3]) end
return 1
