#!lua flags=allow-oom
-- Moves a subscription of a topic to a position, or creates it there.
--
-- KEYS     stream, meta, subscription, progress, waiting retries, retries in hand, handed, marks
-- ARGV     group, first entry to be read ("0": the oldest, "$": none yet), "1" to create it where it is not there, and to
--          do nothing where it is, wake-up channel, how many of its subscribers need no wake-up, the wake-up's text
-- Returns  "1" done, "0" nothing to do: the subscription is there, or was there and its group is lost, which open.lua mends
-- Errors   NOTFOUND no such subscription to move
--
-- All that is known of its entries goes: whoever holds one cannot settle it any more. Counters and dead letters stay.

local stream, meta, subscription, progress, waiting, retries, handed, marks = unpack(KEYS)
local group, first, creates, channel, served, wake_up = unpack(ARGV)

local known = redis.call('HMGET', meta, 'epoch', 'published', 'dropped', 'unsureMs', 'soughtFrom')
local epoch, published, dropped = known[1], tonumber(known[2] or 0), tonumber(known[3] or 0)

local exists, last_id = false, nil
-- Without the stream there is an error, which is a table without groups.
for _, info in ipairs(redis.pcall('XINFO', 'GROUPS', stream)) do exists = exists or info[2] == group end
if creates == '1' then
  if exists or not epoch or redis.call('EXISTS', stream) == 0 then return '0' end
  if redis.call('HGET', subscription, 'epoch') == epoch then return '0' end
elseif not exists then
  return { err = 'NOTFOUND there is no such subscription' }
end

local function place_of(id)
  local ms, number = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(number)
end

local info = redis.call('XINFO', 'STREAM', stream)
for field = 1, #info, 2 do
  if info[field] == 'last-generated-id' then last_id = info[field + 1] end
end
local before = first
if first ~= '0' and first ~= '$' then
  local ms, number = place_of(first)
  local last_ms, last_number = place_of(last_id)
  if ms > last_ms or (ms == last_ms and number > last_number) then
    first, before = '$', '$'
  elseif number > 0 then
    before = string.format('%.0f-%.0f', ms, number - 1)
  elseif ms > 0 then
    before = string.format('%.0f-18446744073709551615', ms - 1)
  else
    first, before = '0', '0'
  end
end

-- Messages of entries from one id to another.
local function count(from, to)
  local messages = 0
  while true do
    local entries = redis.call('XRANGE', stream, from, to, 'COUNT', 8)
    for _, entry in ipairs(entries) do
      local value = entry[2][2]
      messages = messages + (#value >= 16 and struct.unpack('>I4', value) or 0)
      from = '(' .. entry[1]
    end
    if #entries < 8 then return messages end
  end
end

-- Messages from the first on. The next mark says how many were published up to it, so that only those between are counted.
local function messages_ahead()
  if first == '$' then return 0 end
  if first == '0' then return published - dropped end
  local ms, number = place_of(first)
  local near = redis.call('ZRANGE', marks, string.format('%.0f', ms), '+inf', 'BYSCORE', 'LIMIT', 0, 16)
  for _, mark in ipairs(near) do
    local id, so_far, of_epoch = string.match(mark, '^(%S+) (%d+) (.*)$')
    local mark_ms, mark_number = place_of(id)
    if of_epoch == epoch and (mark_ms > ms or mark_number >= number) then
      return published - so_far + count(first, id)
    end
  end
  return count(first, '+')
end

local base = published - messages_ahead()
if creates == '1' then
  redis.call('DEL', subscription)
  -- As in open.lua.
  if known[5] and redis.call('HEXISTS', meta, 'sought:' .. group) == 0 then
    redis.call('HSET', meta, 'sought:' .. group, known[5])
  end
else
  redis.call('XGROUP', 'DESTROY', stream, group)
  redis.call('DEL', progress, waiting, retries, handed)
  local counted = redis.call('HMGET', subscription, 'acked', 'dead', 'expired', 'trimmed', 'purged', 'redriven')
  for field = 1, 5 do base = base - (counted[field] or 0) end
  base = base + (counted[6] or 0)
  redis.call('HINCRBY', meta, 'sought:' .. group, 1)
end
redis.call('XGROUP', 'CREATE', stream, group, before)
-- What is read again looks as it did the first time.
redis.call('HSET', subscription, 'epoch', epoch or '', 'base', string.format('%.0f', base), 'sureMs', known[4] or 0)
if redis.call('PUBSUB', 'SHARDNUMSUB', channel)[2] > tonumber(served) then
  redis.call('SPUBLISH', channel, wake_up)
end
return '1'
