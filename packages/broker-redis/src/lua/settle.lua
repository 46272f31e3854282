#!lua flags=allow-oom
-- Carries out settlements of entries of one subscription, each all or nothing.
--
-- KEYS     stream, retries in hand, waiting retries, dead letters, subscription, progress; of a topic's also meta
-- ARGV     group, instance, how often a topic's had been moved when the entries were claimed ("": a receiver's, of which
--          settled entries leave the stream), wake-up channel, how many of its subscribers need no wake-up, the wake-up's
--          text, how many dead letters are kept, and how long (ms), then of each settlement:
--          ref, action, messages settled so far, progress ("" with "remove" where none was ever noted), acked messages,
--          expired messages, number of retries, number of dead letters, of each retry: delay (ms), messages, entry, of each
--          dead letter: messages, reason, entry
-- Returns  refs of entries that this instance does not own; nothing was changed for them. Or "moved", if the subscription
--          was moved since then: nothing was changed at all
--
-- May use more memory than Redis is allowed: settling is what gives memory back.

local stream, retries, waiting, dead, subscription, progress, meta = unpack(KEYS)
local group, instance, moves, channel, served, wake_up, most_dead, dead_ms = unpack(ARGV, 1, 8)

if meta and (redis.call('HGET', meta, 'sought:' .. group) or '0') ~= moves then return 'moved' end

local lost, noted = {}, {}
local finished = { [stream] = {}, [retries] = {} }
local acked, expired, retried, dead_messages, wakes = 0, 0, 0, 0, false

local now
local function now_ms()
  if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return now
end

-- An entry named twice in one call is let go by the first.
local let_go = {}
local function owned(key, id, ref)
  if let_go[ref] then return false end
  -- Without the group there is an error, which is a table without entries too.
  return redis.pcall('XPENDING', key, group, id, id, 1, instance)[1] ~= nil
end

local function carry_out(ref, acks, expiries, retry_at, dead_at, dead_end)
  acked, expired = acked + acks, expired + expiries
  for at = retry_at, dead_at - 1, 3 do
    -- The ref makes two equal messages two members.
    redis.call('ZADD', waiting, now_ms() + ARGV[at], ref .. '\n' .. ARGV[at + 2])
    retried, wakes = retried + ARGV[at + 1], true
  end
  for at = dead_at, dead_end - 1, 3 do
    redis.call('XADD', dead, '*', 'b', ARGV[at + 2], 'reason', ARGV[at + 1])
    dead_messages = dead_messages + ARGV[at]
  end
end

-- Of all messages of an entry with an ordering key.
local function failures_of(marks)
  return tonumber(string.match(marks, '!(%d+)')) or 0
end

-- A pause ends at a time, whoever looks.
local function dated(marks)
  return (string.gsub(marks, '%+(%d+)', function(pause_ms) return string.format('%.0f', now_ms() + pause_ms) end))
end

local at = 9
while at <= #ARGV do
  local ref, action, settled, marks, acks, expiries, retry_count, dead_count = unpack(ARGV, at, at + 7)
  local retry_at = at + 8
  local dead_at = retry_at + 3 * retry_count
  at = dead_at + 3 * dead_count

  local key, id = stream, ref
  if string.sub(ref, 1, 1) == 'r' then key, id = retries, string.sub(ref, 2) end

  if not owned(key, id, ref) then
    lost[#lost + 1] = ref
  elseif action == 'remove' then
    carry_out(ref, acks, expiries, retry_at, dead_at, at)
    table.insert(finished[key], id)
    if marks ~= '' then noted[#noted + 1] = ref end
    let_go[ref] = true
  else
    -- Settled messages stay settled and failures stay counted, so one that brings no more of either was carried out before
    -- and its answer got lost. Doing it again would retry its messages twice.
    local noted_before = redis.call('HGET', progress, ref) or '0'
    local failures, failures_before = failures_of(marks), failures_of(noted_before)
    local settles = tonumber(settled) > tonumber(string.match(noted_before, '^%d+'))
    if settles then carry_out(ref, acks, expiries, retry_at, dead_at, at) end
    if failures > failures_before then retried = retried + failures - failures_before end
    if settles or failures > failures_before then redis.call('HSET', progress, ref, dated(marks)) end
    if action == 'return' then
      redis.call('XCLAIM', key, group, 'free', 0, id, 'JUSTID')
      let_go[ref], wakes = true, true
    end
  end
end

for key, ids in pairs(finished) do
  if #ids > 0 then
    redis.call('XACK', key, group, unpack(ids))
    if key == retries or not meta then redis.call('XDEL', key, unpack(ids)) end
  end
end
if #noted > 0 then redis.call('HDEL', progress, unpack(noted)) end
if acked > 0 then redis.call('HINCRBY', subscription, 'acked', acked) end
if expired > 0 then redis.call('HINCRBY', subscription, 'expired', expired) end
if retried > 0 then redis.call('HINCRBY', subscription, 'retried', retried) end
if dead_messages > 0 then
  redis.call('HINCRBY', subscription, 'dead', dead_messages)
  local dropped = redis.call('XTRIM', dead, 'MAXLEN', most_dead)
    + redis.call('XTRIM', dead, 'MINID', string.format('%.0f', now_ms() - dead_ms))
  if dropped > 0 then redis.call('HINCRBY', subscription, 'deadDropped', dropped) end
end
if wakes and redis.call('PUBSUB', 'SHARDNUMSUB', channel)[2] > tonumber(served) then
  redis.call('SPUBLISH', channel, wake_up)
end

return lost
