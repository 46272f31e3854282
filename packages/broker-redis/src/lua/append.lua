-- Appends batches, each once and each for itself: what fails one harms no other.
--
-- KEYS     of each batch: stream, meta, producer, addresses of its partition; then of each batch with options, what they
--          ask for: with q: subscription, waiting retries, retries in hand; with windowMs: its deduplication id's; with at: the
--          address's delayed messages, and their entries; with k: the address's ordering keys
-- ARGV     epoch for an address that has none, how long a producer is remembered (s), the wake-up's text, then of each
--          batch: address, wake-up channel, how many of the channel's subscribers need no wake-up, sequence (0:
--          unnumbered), messages, bytes, entry, options
--          An empty entry was added to the stream by an XADD just before, in the same transaction.
--          Options are "" or JSON: windowMs, how long a deduplication id is remembered, and id, the message's; at, the
--          time (ms) until which the message, called member, is not to be delivered; k, an ordering key; m, nothing may be
--          stored for want of memory; q, the queue may be full, with most, the messages, and mostBytes, the bytes of memory
--          from which on it is (0: no limit)
-- Returns  of each batch: "+<epoch> <messages> <bytes>" stored, with what was published to the address so far, or put back
--          into a receiver's queue, and with q the messages and bytes of memory in the queue before it; "=<epoch>" had been
--          stored before, "=<epoch> <id>" the same or another message had been stored under its deduplication id: this one;
--          "><sequence>" would leave a gap: this sequence is expected; "#<id>" a message of this id is delayed already; "!m"
--          for want of memory; "!q <messages> <bytes>" for a full queue; or an error: OOM, before anything of the batch is
--          written
--
-- Without "#!lua" in its first line it begins also when memory is used up, so that a gap is called a gap even then.

local epoch, remember_s, wake_up = unpack(ARGV, 1, 3)
local batches = (#ARGV - 3) / 8
local further = 4 * batches

-- One question for all channels.
local channels = {}
for batch = 1, batches do channels[batch] = ARGV[8 * batch - 3] end
local subscribers = redis.call('PUBSUB', 'SHARDNUMSUB', unpack(channels))

-- The entry that was added just before.
local function take_back(stream)
  redis.call('XDEL', stream, redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1][1])
end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function older(one, other)
  local one_ms, one_number = string.match(one, '^(%d+)-(%d+)$')
  local other_ms, other_number = string.match(other, '^(%d+)-(%d+)$')
  one_ms, other_ms = tonumber(one_ms), tonumber(other_ms)
  return one_ms < other_ms or (one_ms == other_ms and tonumber(one_number) < tonumber(other_number))
end

-- Whether nobody will ever wait for an entry: its topic has dropped it or, of a receiver, it is settled.
local function is_over(stream, id, is_topic, dropped_to)
  if is_topic then return dropped_to and not older(dropped_to, id) end
  -- A receiver has one group, or none yet.
  local group = redis.call('XINFO', 'GROUPS', stream)[1]
  if not group then return false end
  local fields = {}
  for at = 1, #group, 2 do fields[group[at]] = group[at + 1] end
  return not older(fields['last-delivered-id'], id) and #redis.call('XPENDING', stream, fields.name, id, id, 1) == 0
end

-- Adds an entry with an ordering key. It names the one before it with the same key; the last one of each key is
-- remembered in the hash "keys".
local function add_in_order(stream, meta, entry, keys, key, is_topic)
  local dropped_to = is_topic and redis.call('HGET', meta, 'droppedTo')
  local before = redis.call('HGET', keys, key)
  -- Without its stream the address has lost its history, and before is nothing anyone could wait for.
  if before and (redis.call('EXISTS', stream) == 0 or is_over(stream, before, is_topic, dropped_to)) then before = nil end
  local id = redis.call('XADD', stream, '*', 'b', entry, 'p', before or '')
  redis.call('HSET', keys, key, id)
  -- Two looked at for each one added: at most about half of them are remembered for nothing.
  local some = redis.call('HRANDFIELD', keys, -2, 'WITHVALUES')
  for at = 1, #some, 2 do
    if is_over(stream, some[at + 1], is_topic, dropped_to) then redis.call('HDEL', keys, some[at]) end
  end
end

-- What an address remembers ends with its history.
local function remembered(key, epoch)
  local found = epoch and redis.call('GET', key)
  if not found then return nil end
  local at = #epoch + 1
  return string.sub(found, 1, at) == epoch .. ' ' and string.sub(found, at + 1) or nil
end

-- Messages without an outcome, and bytes of memory. Only who may be near a limit asks for them.
local function fill_of(queue, published)
  local depth, bytes = published or 0, 0
  local counted = redis.call('HMGET', queue[1], 'base', 'acked', 'dead', 'expired', 'purged', 'redriven')
  for field = 1, 5 do depth = depth - (counted[field] or 0) end
  depth = depth + (counted[6] or 0)
  for place = 2, 4 do
    local key = queue[place]
    bytes = bytes + (redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 50) or 0)
  end
  return depth, bytes
end

local function append(batch)
  local stream, meta, producer, addresses = unpack(KEYS, 4 * batch - 3, 4 * batch)
  local address, channel, served, sequence, messages, bytes, entry, options = unpack(ARGV, 8 * batch - 4, 8 * batch + 3)
  local queue, deduplication, delayed, delayed_entries, keys
  if options ~= '' then
    options = cjson.decode(options)
    if options.q then
      queue = { KEYS[further + 1], stream, KEYS[further + 2], KEYS[further + 3] }
      further = further + 3
    end
    if options.windowMs then
      further = further + 1
      deduplication = KEYS[further]
    end
    if options.at then
      further = further + 2
      delayed, delayed_entries = KEYS[further - 1], KEYS[further]
    end
    if options.k then
      further = further + 1
      keys = KEYS[further]
    end
  end
  sequence = tonumber(sequence)
  local known = redis.call('HMGET', meta, 'epoch', 'published', 'publishedBytes', 'putBack', 'putBackBytes')
  local expected = sequence
  -- Without its epoch the address has lost its history, whatever else is left of it.
  if sequence > 0 then expected = (known[1] and redis.call('GET', producer) or 0) + 1 end

  local original = deduplication and remembered(deduplication, known[1])
  local stores = sequence == expected and not original
  local refusal, fill = stores and options ~= '' and options.m and '!m', ''
  if stores and queue then
    local depth, taken = fill_of(queue, known[2])
    fill = string.format(' %.0f %.0f', depth, taken)
    local full = options.most > 0 and depth >= options.most or options.mostBytes > 0 and taken >= options.mostBytes
    if full then refusal = refusal or '!q' .. fill end
  end
  if sequence == expected and original then
    if sequence > 0 then redis.call('SET', producer, sequence, 'EX', remember_s) end
  elseif stores and not refusal then
    local waits = delayed and options.at > now_ms()
    if waits and redis.call('HEXISTS', delayed_entries, options.member) == 1 then return '#' .. options.id end
    -- First what may be forbidden to this user, so that a refusal changes nothing.
    if not waits and subscribers[2 * batch] > tonumber(served) then redis.call('SPUBLISH', channel, wake_up) end
    if not known[1] then redis.call('SADD', addresses, address) end
    if waits then
      redis.call('HSET', delayed_entries, options.member, bytes .. '\n' .. entry)
      redis.call('ZADD', delayed, string.format('%.0f', options.at), options.member)
      -- It is published when its time has come.
      messages, bytes = 0, 0
    elseif keys then
      add_in_order(stream, meta, entry, keys, options.k, string.sub(address, 1, 6) == 'topic:')
    elseif entry ~= '' then
      redis.call('XADD', stream, '*', 'b', entry)
    end
    if sequence > 0 then redis.call('SET', producer, sequence, 'EX', remember_s) end
    if deduplication then
      redis.call('SET', deduplication, (known[1] or epoch) .. ' ' .. options.id, 'PX', options.windowMs)
    end
    local published, published_bytes = (known[2] or 0) + messages, (known[3] or 0) + bytes
    redis.call('HSET', meta, 'epoch', known[1] or epoch, 'published', published, 'publishedBytes', published_bytes)
    local filled, filled_bytes = published + (known[4] or 0), published_bytes + (known[5] or 0)
    return string.format('+%s %.0f %.0f%s', known[1] or epoch, filled, filled_bytes, fill)
  end
  if entry == '' then take_back(stream) end
  if refusal then return refusal end
  if sequence > expected then return '>' .. expected end
  return '=' .. known[1] .. (original and ' ' .. original or '')
end

local answers = {}
for batch = 1, batches do
  local done, answer = pcall(append, batch)
  if not done and ARGV[8 * batch + 2] == '' then take_back(KEYS[4 * batch - 3]) end
  answers[batch] = done and answer or { err = answer }
end
return answers
