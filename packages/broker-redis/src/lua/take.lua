#!lua flags=allow-oom
-- Takes entries of one subscription that were claimed before and are free again, and retries that are due.
--
-- KEYS     stream, retries in hand, waiting retries, progress, meta, subscription, delayed, handed
-- ARGV     group, instance, most entries to take, "1" to look for other instances, where to begin among the entries of
--          the stream and of the retries that this instance owns ("": leave them), then instances that are gone
-- Returns  epoch ("" if lost), milliseconds until the next retry (-1: none waits), names of other instances,
--          entries: ref, entry, progress, "1" if an earlier owner may have handed it out, and with an ordering key: ref of
--          the one before; milliseconds until the next delayed message of the address is due (-1: none waits); time (ms);
--          instance that has reserved the subscription ("": none); how often the subscription was moved; time (ms) up to
--          which an entry's id says that a Redis before this one may have handed it out (0: none)
-- Errors   NOGROUP when the subscription vanished
--
-- May use more memory than Redis is allowed: taking is what leads to settling.

local stream, retries, waiting, progress, meta, subscription, delayed, handed = unpack(KEYS)
local group, instance, limit, looks = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1'
local own_from = { [stream] = ARGV[5], [retries] = ARGV[6] }
local gone = { 'free', unpack(ARGV, 7) }

local of_address = redis.call('HMGET', meta, 'epoch', 'sought:' .. group, 'unsureMs')
local of_subscription = redis.call('HMGET', subscription, 'reserved', 'sureMs')
local unsure_ms = tonumber(of_address[3] or 0)
-- A Redis before the subscription's beginning has handed out nothing of it.
if unsure_ms <= tonumber(of_subscription[2] or 0) then unsure_ms = 0 end

local keys = { stream }
if redis.call('EXISTS', retries) == 1 then keys[2] = retries end
local taken = {}

local function place_of(id)
  local ms, number = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(number)
end

local function older(one, other)
  local one_ms, one_number = place_of(one)
  local other_ms, other_number = place_of(other)
  return one_ms < other_ms or (one_ms == other_ms and one_number < other_number)
end

local function pending_of(consumer, key, from, most)
  local ids = {}
  for _, pending in ipairs(redis.call('XPENDING', key, group, from, '+', most, consumer)) do
    ids[#ids + 1] = pending[1]
  end
  return ids
end

local function keep(key, entries, handed_out)
  for _, entry in ipairs(entries) do
    local ref = entry[1]
    if key == retries then ref = 'r' .. ref end
    local marks = handed_out == '1' and redis.call('HGET', progress, ref)
    table.insert(taken, { ref, entry[2][2], marks or '', handed_out, entry[2][4] })
  end
end

local function take_over(key)
  local room = limit - #taken
  if room <= 0 then return end
  local ids, sources = {}, 0
  local function add(more)
    if #more > 0 then sources = sources + 1 end
    for _, id in ipairs(more) do ids[#ids + 1] = id end
  end
  for _, consumer in ipairs(gone) do add(pending_of(consumer, key, '-', room)) end
  if own_from[key] ~= '' then add(pending_of(instance, key, own_from[key], room)) end
  if sources > 1 then table.sort(ids, older) end
  if #ids == 0 then return end
  local most = math.min(#ids, room)
  local entries = redis.call('XCLAIM', key, group, instance, 0, unpack(ids, 1, most))
  -- Redis drops those whose entry was trimmed away: there is nothing left to deliver.
  if #entries < most then redis.call('HINCRBY', subscription, 'trimmedEntries', most - #entries) end
  keep(key, entries, '1')
  -- Whoever it had been handed over to is gone, or is this instance.
  if key == stream then redis.call('HDEL', handed, unpack(ids, 1, most)) end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function take_due()
  local room = limit - #taken
  if room <= 0 then return end
  local due = redis.call('ZRANGEBYSCORE', waiting, '-inf', now, 'LIMIT', 0, room)
  if #due == 0 then return end
  local unsure = unsure_ms > 0 and redis.call('ZCOUNT', waiting, '-inf', unsure_ms) or 0
  if not keys[2] then redis.call('XGROUP', 'CREATE', retries, group, '0', 'MKSTREAM') end
  for _, member in ipairs(due) do
    redis.call('XADD', retries, '*', 'b', string.sub(member, string.find(member, '\n', 1, true) + 1))
    redis.call('ZREM', waiting, member)
  end
  local read = redis.call('XREADGROUP', 'GROUP', group, instance, 'COUNT', #due, 'STREAMS', retries, '>')
  for place, entry in ipairs(read[1][2]) do keep(retries, { entry }, place <= unsure and '1' or '0') end
end

-- What others handed over to this instance, because it owns the one before with the same ordering key.
local function take_handed()
  local all, mine = redis.call('HGETALL', handed), {}
  for at = 1, #all, 2 do
    if all[at + 1] == instance then mine[#mine + 1] = all[at] end
  end
  table.sort(mine, older)
  for at = 1, math.min(#mine, limit - #taken) do
    local id = mine[at]
    local pending = redis.call('XPENDING', stream, group, id, id, 1, instance)[1]
    if pending then
      local handed_out = pending[4] > 1 or (place_of(id)) <= unsure_ms
      keep(stream, redis.call('XRANGE', stream, id, id), handed_out and '1' or '0')
    end
    redis.call('HDEL', handed, id)
  end
end

for _, key in ipairs(keys) do take_over(key) end
take_due()
take_handed()

local others, known = {}, { [instance] = true }
for _, consumer in ipairs(gone) do known[consumer] = true end
for _, key in ipairs(keys) do
  for place = 2, #gone do
    if #pending_of(gone[place], key, '-', 1) == 0 then
      redis.call('XGROUP', 'DELCONSUMER', key, group, gone[place])
    end
  end
  if looks then
    local consumers = redis.pcall('XINFO', 'CONSUMERS', key, group)
    -- Of a stream that is not there it says something else.
    if consumers.err then return { err = 'NOGROUP ' .. consumers.err } end
    for _, consumer in ipairs(consumers) do
      if not known[consumer[2]] then
        known[consumer[2]] = true
        others[#others + 1] = consumer[2]
      end
    end
  end
end

local function next_ms(key)
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  return first[2] and math.max(0, math.ceil(first[2] - now)) or -1
end

return { of_address[1] or '', next_ms(waiting), others, taken, next_ms(delayed), now, of_subscription[1] or '',
  of_address[2] or '0', unsure_ms }
