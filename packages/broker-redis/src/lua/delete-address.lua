#!lua flags=allow-oom
-- Deletes an address with all that it has, but for what it knows of its producers: that expires by itself.
--
-- KEYS     stream, meta, addresses, delayed, entries of the delayed, ordering keys, marks, then of each subscription:
--          retries in hand, waiting retries, dead letters, subscription, progress, handed over
-- ARGV     address, "1" to delete it whatever it has, wake-up channel, the wake-up's text, then the group of each
--          subscription
-- Returns  "deleted", "unknown", "read" (somebody has consumers for it), "filled" (it has messages or dead letters),
--          "again" (it has other subscriptions than those named)

local stream, meta, addresses, delayed = unpack(KEYS, 1, 4)
local address, force, channel, wake_up = unpack(ARGV, 1, 4)

if redis.call('EXISTS', meta, stream, delayed) == 0 then
  redis.call('SREM', addresses, address)
  return 'unknown'
end

local named = {}
for at = 5, #ARGV do named[ARGV[at]] = true end
if redis.call('EXISTS', stream) == 1 then
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    if not named[group[2]] then return 'again' end
  end
end

local watchers = redis.call('PUBSUB', 'SHARDNUMSUB', channel)[2]
if force ~= '1' then
  if watchers > 0 then return 'read' end
  local kept = redis.call('XLEN', stream) + redis.call('ZCARD', delayed)
  for at = 8, #KEYS, 6 do
    kept = kept + redis.call('XLEN', KEYS[at]) + redis.call('ZCARD', KEYS[at + 1]) + redis.call('XLEN', KEYS[at + 2])
  end
  if kept > 0 then return 'filled' end
end

-- Another thread of Redis' gives the memory back, however much it is.
redis.call('UNLINK', stream, meta)
for at = 4, #KEYS do redis.call('UNLINK', KEYS[at]) end
redis.call('SREM', addresses, address)
if watchers > 0 then redis.call('SPUBLISH', channel, wake_up) end
return 'deleted'
