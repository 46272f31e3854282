#!lua flags=allow-oom
-- Drops what a topic keeps no longer: the oldest entries, until the rest is within its age and its bytes. Counts for each
-- subscription what it lost that way without an outcome, whether it had read it or not.
--
-- Marks how much was published up to now, for whoever counts messages from a position on.
--
-- KEYS     stream, meta, marks, then of each group: subscription, progress, waiting retries, retries in hand, dead
--          letters, handed
-- ARGV     how long entries are kept (ms), how many bytes of records are kept (0: no limit), how long dead letters are kept
--          (ms), most bytes to look at, then names of all groups
-- Returns  "1" if there is more to drop, else "0"; or names of all groups, when those given are not all: nothing was done
--
-- May use more memory than Redis is allowed: dropping is what gives memory back.

local stream, meta, marks = unpack(KEYS, 1, 3)
local retention_ms, retention_bytes, dead_ms, most = unpack(ARGV, 1, 4)
retention_bytes, most = tonumber(retention_bytes), tonumber(most)

local groups, names, given = {}, {}, {}
for place = 5, #ARGV do given[ARGV[place]] = 6 * (place - 5) + 3 end
-- Without the stream there is an error, which is a table without groups.
for _, info in ipairs(redis.pcall('XINFO', 'GROUPS', stream)) do
  local group = { lost = 0 }
  for field = 1, #info, 2 do group[info[field]] = info[field + 1] end
  names[#names + 1] = group.name
  local at = given[group.name]
  if at then
    group.subscription, group.progress, group.waiting, group.retries, group.dead, group.handed = unpack(KEYS, at + 1, at + 6)
    groups[#groups + 1] = group
  end
end
if #groups < #names then return names end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest_ms = now - retention_ms

local function place_of(id)
  local ms, number = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(number)
end

for _, group in ipairs(groups) do group.ms, group.number = place_of(group['last-delivered-id']) end

-- Messages of an entry, and bytes of its records.
local function size_of(value)
  if #value < 16 then return 0, 0 end
  local messages, header = struct.unpack('>I4', value), struct.unpack('>I4', value, 13)
  return messages, #value - 16 - header
end

-- Takes an entry from whoever holds it.
local function lose(group, key, id, ref, messages)
  local settled = string.match(redis.call('HGET', group.progress, ref) or '0', '^%d+')
  group.lost = group.lost + messages - settled
  redis.call('XACK', key, group.name, id)
  redis.call('HDEL', group.progress, ref)
end

local known = redis.call('HMGET', meta, 'publishedBytes', 'droppedBytes', 'published', 'epoch')
local kept = math.max(0, (known[1] or 0) - (known[2] or 0))
local dropped, dropped_bytes, last_ms, last_number, seen = 0, 0, nil, nil, 0

local function drop(entry)
  local id, value = entry[1], entry[2][2]
  local ms, number = place_of(id)
  if ms >= oldest_ms and (retention_bytes == 0 or kept <= retention_bytes) then return false end
  local messages, bytes = size_of(value)
  for _, group in ipairs(groups) do
    if ms > group.ms or (ms == group.ms and number > group.number) then
      group.lost = group.lost + messages
    elseif group.pending > 0 and redis.call('XPENDING', stream, group.name, id, id, 1)[1] then
      lose(group, stream, id, id, messages)
      redis.call('HDEL', group.handed, id)
    end
  end
  dropped, dropped_bytes, kept, seen = dropped + messages, dropped_bytes + bytes, kept - bytes, seen + #value
  last_ms, last_number = ms, number
  return true
end

local from, more = '-', true
while more and seen < most do
  local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', 8)
  more = #entries == 8
  for _, entry in ipairs(entries) do
    if not drop(entry) then
      more = false
      break
    end
    from = '(' .. entry[1]
  end
end
if last_ms then
  redis.call('XTRIM', stream, 'MINID', string.format('%.0f-%.0f', last_ms, last_number + 1))
  redis.call('HSET', meta, 'droppedTo', string.format('%.0f-%.0f', last_ms, last_number))
  redis.call('HINCRBY', meta, 'dropped', dropped)
  redis.call('HINCRBY', meta, 'droppedBytes', dropped_bytes)
end

if known[3] and known[4] then
  local info = redis.pcall('XINFO', 'STREAM', stream)
  for field = 1, #info, 2 do
    if info[field] == 'last-generated-id' then
      local mark = info[field + 1] .. ' ' .. known[3] .. ' ' .. known[4]
      redis.call('ZADD', marks, (place_of(info[field + 1])), mark)
    end
  end
  redis.call('ZREMRANGEBYSCORE', marks, '-inf', string.format('(%.0f', last_ms or 0))
end

for _, group in ipairs(groups) do
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', group.waiting, '-inf', oldest_ms, 'LIMIT', 0, 100)) do
    group.lost = group.lost + size_of(string.sub(member, string.find(member, '\n', 1, true) + 1))
    redis.call('ZREM', group.waiting, member)
  end
  for _, entry in ipairs(redis.call('XRANGE', group.retries, '-', string.format('%.0f', oldest_ms), 'COUNT', 100)) do
    lose(group, group.retries, entry[1], 'r' .. entry[1], (size_of(entry[2][2])))
    redis.call('XDEL', group.retries, entry[1])
  end
  if group.lost > 0 then redis.call('HINCRBY', group.subscription, 'trimmed', group.lost) end
  local letters = redis.call('XTRIM', group.dead, 'MINID', string.format('%.0f', now - dead_ms))
  if letters > 0 then redis.call('HINCRBY', group.subscription, 'deadDropped', letters) end
end

return more and '1' or '0'
