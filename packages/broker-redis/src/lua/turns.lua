#!lua flags=allow-oom
-- Says how entries of one subscription stand that wait for the one before them with the same ordering key. Those that wait
-- for another instance's go over to it.
--
-- KEYS     stream, handed; of a topic's also meta
-- ARGV     group, instance, how often a topic's had been moved when the entries were claimed, wake-up channel, how many of its
--          subscribers need no wake-up, the wake-up's text, then of each entry, the one before it first where both wait: ref,
--          ref of the one before
-- Returns  of each entry: "next" when the one before it is settled, "waits" when it is this instance's or nobody's, "moved"
--          when the entry is not this instance's, or is no longer. Or "moved", if the subscription was moved since then
--
-- May use more memory than Redis is allowed: it leads to settling.

local stream, handed, meta = unpack(KEYS)
local group, instance, moves, channel, served, wake_up = unpack(ARGV, 1, 6)

if meta and (redis.call('HGET', meta, 'sought:' .. group) or '0') ~= moves then return 'moved' end

local function owner_of(id)
  -- Without the group there is an error, which is a table without entries too.
  local pending = redis.pcall('XPENDING', stream, group, id, id, 1)[1]
  return pending and pending[2]
end

local standings, wakes = {}, false
for at = 7, #ARGV, 2 do
  local id, standing = ARGV[at], 'moved'
  if owner_of(id) == instance then
    local owner = owner_of(ARGV[at + 1])
    if not owner then
      standing = 'next'
    elseif owner == instance or owner == 'free' then
      standing = 'waits'
    else
      redis.call('XCLAIM', stream, group, owner, 0, id, 'JUSTID')
      redis.call('HSET', handed, id, owner)
      wakes = true
    end
  end
  standings[#standings + 1] = standing
end

if wakes and redis.call('PUBSUB', 'SHARDNUMSUB', channel)[2] > tonumber(served) then
  redis.call('SPUBLISH', channel, wake_up)
end

return standings
