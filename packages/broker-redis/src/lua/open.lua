#!lua flags=allow-oom
-- Creates a subscription where it is not there, and the address's epoch.
--
-- KEYS     stream, retries in hand, meta, subscription, addresses
-- ARGV     group, where a new one begins ("0" or "$"), candidate for a new epoch, address, the epoch its reader knows of a
--          topic's subscription that vanished under it ("": none), "1" if it vanished under its reader
-- Returns  the address's epoch, 1 if the subscription was created, else 0
--
-- A group that vanished has lost its place, and perhaps its stream: that is a new epoch. Only what was never there is
-- created without one. A topic's subscription of which nothing is left, while the topic has kept its epoch, was deleted on
-- purpose: who goes on reading it all the same begins with what comes. What is there when another one that vanished is made
-- anew may have been handed out.

local stream, retries, meta, subscription, addresses = unpack(KEYS)
local group, start, candidate, address, known, vanished = unpack(ARGV)

local epoch = redis.call('HGET', meta, 'epoch')
if epoch and known == epoch and redis.call('HEXISTS', subscription, 'epoch') == 0 then start = '$' end
local created = redis.pcall('XGROUP', 'CREATE', stream, group, start, 'MKSTREAM')
if created.err and not string.find(created.err, 'BUSYGROUP', 1, true) then return created end
if redis.call('EXISTS', retries) == 1 then redis.pcall('XGROUP', 'CREATE', retries, group, '0') end

if not epoch or (created.ok and redis.call('HGET', subscription, 'epoch') == epoch) then
  epoch = candidate
  redis.call('HSET', meta, 'epoch', epoch)
  redis.call('SADD', addresses, address)
end

if created.ok then
  -- Messages before the subscription's first: they are not in its depth. What a topic dropped is known. What left a
  -- receiver's queue before its group was lost is known in entries, not in messages, so that this is an estimate.
  local counted = redis.call('HMGET', meta, 'published', 'dropped', 'unsureMs', 'soughtFrom')
  local base = tonumber(counted[1] or 0)
  if start == '0' and string.sub(address, 1, 6) == 'topic:' then
    base = counted[2] or 0
  elseif start == '0' and base > 0 then
    local entries, added = redis.call('XLEN', stream), 0
    local info = redis.call('XINFO', 'STREAM', stream)
    for field = 1, #info, 2 do
      if info[field] == 'entries-added' then added = info[field + 1] end
    end
    base = base - math.floor(base * entries / math.max(added, entries, 1) + 0.5)
  end
  redis.call('DEL', subscription)
  redis.call('HSET', subscription, 'epoch', epoch, 'base', base)
  -- One that was deleted may have had the counts up to there. A group that was lost alone keeps its own.
  if counted[4] and redis.call('HEXISTS', meta, 'sought:' .. group) == 0 then
    redis.call('HSET', meta, 'sought:' .. group, counted[4])
  end
  if vanished ~= '1' then
    redis.call('HSET', subscription, 'sureMs', counted[3] or 0)
  elseif start == '0' then
    local youngest = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
    if youngest then
      local unsure_ms = math.max(counted[3] or 0, string.match(youngest[1], '^%d+'))
      redis.call('HSET', meta, 'unsureMs', string.format('%.0f', unsure_ms))
    end
  end
end

return { epoch, created.ok and 1 or 0 }
