#!lua flags=allow-oom
-- Deletes a topic's subscription.
--
-- KEYS     stream, retries in hand, waiting retries, dead letters, subscription, progress, handed over, meta
-- ARGV     group, "1" to delete it whatever it has, the channel of its readers
-- Returns  "deleted", "unknown", "read" (a consumer reads it), "filled" (it has messages or dead letters)

local stream, retries, waiting, dead, subscription, progress, handed, meta = unpack(KEYS)
local group, force, reads = unpack(ARGV)

local function fields(list)
  local found = {}
  for at = 1, #list, 2 do found[list[at]] = list[at + 1] end
  return found
end

local info
if redis.call('EXISTS', stream) == 1 then
  for _, each in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local found = fields(each)
    if found.name == group then info = found end
  end
end
if not info and redis.call('EXISTS', retries, waiting, dead, subscription) == 0 then return 'unknown' end

local function is_filled()
  if redis.call('XLEN', retries) + redis.call('ZCARD', waiting) + redis.call('XLEN', dead) > 0 then return true end
  if not info then return false end
  return info.pending > 0 or #redis.call('XRANGE', stream, '(' .. info['last-delivered-id'], '+', 'COUNT', 1) > 0
end

if force ~= '1' then
  if redis.call('PUBSUB', 'SHARDNUMSUB', reads)[2] > 0 then return 'read' end
  if is_filled() then return 'filled' end
end

if info then redis.call('XGROUP', 'DESTROY', stream, group) end
redis.call('UNLINK', retries, waiting, dead, subscription, progress, handed)

-- What is held of it still must not be taken for what one holds of the next of its name: that begins with a count of moves
-- that none before it had.
local counted = redis.call('HMGET', meta, 'sought:' .. group, 'soughtFrom')
redis.call('HDEL', meta, 'sought:' .. group)
redis.call('HSET', meta, 'soughtFrom', math.max(counted[1] or 0, counted[2] or 0) + 1)
return 'deleted'
