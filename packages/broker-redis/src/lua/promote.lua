#!lua flags=allow-oom
-- Lets delayed messages whose time has come join their address.
--
-- KEYS     stream, meta, delayed, entries of the delayed
-- ARGV     wake-up channel, how many of its subscribers need no wake-up, the wake-up's text, most messages to let join
-- Returns  milliseconds until the next one is due: 0 if there are more already, -1 if none waits
--
-- May use more memory than Redis is allowed: what joins was kept before.

local stream, meta, delayed, entries = unpack(KEYS)
local channel, served, wake_up, most = unpack(ARGV)

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local due = redis.call('ZRANGEBYSCORE', delayed, '-inf', now, 'LIMIT', 0, most)
for _, member in ipairs(due) do
  local kept = redis.call('HGET', entries, member)
  if kept then
    local bytes_end = string.find(kept, '\n', 1, true)
    redis.call('XADD', stream, '*', 'b', string.sub(kept, bytes_end + 1))
    redis.call('HINCRBY', meta, 'published', 1)
    redis.call('HINCRBY', meta, 'publishedBytes', string.sub(kept, 1, bytes_end - 1))
  end
  redis.call('ZREM', delayed, member)
  redis.call('HDEL', entries, member)
end

if #due > 0 and redis.call('PUBSUB', 'SHARDNUMSUB', channel)[2] > tonumber(served) then
  redis.call('SPUBLISH', channel, wake_up)
end

local next_due = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
return next_due[2] and math.max(0, math.ceil(next_due[2] - now)) or -1
