-- Appends batches, each once and each for itself: what fails one harms no other.
--
-- KEYS     of each batch: stream, meta, producer, addresses of its partition; then of each batch with options, what they
--          ask for: its deduplication id's; the address's delayed messages, and their entries
-- ARGV     epoch for an address that has none, how long a producer is remembered (s), how long a topic's entries are
--          kept (ms), the wake-up's text, then of each batch: address, wake-up channel, how many of the channel's
--          subscribers need no wake-up, sequence (0: unnumbered), messages, bytes, entry, options
--          An empty entry was added to the stream by an XADD just before, in the same transaction.
--          Options are "" or JSON: d, a deduplication id, with windowMs, how long it is remembered, and id, the message's;
--          at, the time (ms) until which the message, called member, is not to be delivered
-- Returns  of each batch: "+<epoch>" stored, "=<epoch>" had been stored before, "=<epoch> <id>" the same or another message
--          had been stored under its deduplication id: this one, "><sequence>" would leave a gap: this sequence is expected,
--          "#<id>" a message of this id is delayed already; or an error: OOM, before anything of the batch is written
--
-- Without "#!lua" in its first line it begins also when memory is used up, so that a gap is called a gap even then.

local epoch, remember_s, retention_ms, wake_up = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local batches = (#ARGV - 4) / 8
local further = 4 * batches

-- One question for all channels.
local channels = {}
for batch = 1, batches do channels[batch] = ARGV[8 * batch - 2] end
local subscribers = redis.call('PUBSUB', 'SHARDNUMSUB', unpack(channels))

-- The entry that was added just before.
local function take_back(stream)
  redis.call('XDEL', stream, redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1][1])
end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- What an address remembers ends with its history.
local function remembered(key, epoch)
  local found = epoch and redis.call('GET', key)
  if not found then return nil end
  local at = #epoch + 1
  return string.sub(found, 1, at) == epoch .. ' ' and string.sub(found, at + 1) or nil
end

local function append(batch)
  local stream, meta, producer, addresses = unpack(KEYS, 4 * batch - 3, 4 * batch)
  local address, channel, served, sequence, messages, bytes, entry, options = unpack(ARGV, 8 * batch - 3, 8 * batch + 4)
  local deduplication, delayed, delayed_entries
  if options ~= '' then
    options = cjson.decode(options)
    if options.d then
      further = further + 1
      deduplication = KEYS[further]
    end
    if options.at then
      further = further + 2
      delayed, delayed_entries = KEYS[further - 1], KEYS[further]
    end
  end
  sequence = tonumber(sequence)
  local known = redis.call('HMGET', meta, 'epoch', 'published', 'publishedBytes')
  local expected = sequence
  -- Without its epoch the address has lost its history, whatever else is left of it.
  if sequence > 0 then expected = (known[1] and redis.call('GET', producer) or 0) + 1 end

  local original = deduplication and remembered(deduplication, known[1])
  if sequence == expected and original then
    if sequence > 0 then redis.call('SET', producer, sequence, 'EX', remember_s) end
  elseif sequence == expected then
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
    elseif entry ~= '' then
      redis.call('XADD', stream, '*', 'b', entry)
    end
    if sequence > 0 then redis.call('SET', producer, sequence, 'EX', remember_s) end
    if deduplication then
      redis.call('SET', deduplication, (known[1] or epoch) .. ' ' .. options.id, 'PX', options.windowMs)
    end
    redis.call('HSET', meta, 'epoch', known[1] or epoch,
      'published', (known[2] or 0) + messages, 'publishedBytes', (known[3] or 0) + bytes)
    if string.sub(address, 1, 6) == 'topic:' then
      local oldest_ms = now_ms() - retention_ms
      redis.call('XTRIM', stream, 'MINID', '~', string.format('%.0f', oldest_ms))
    end
    return '+' .. (known[1] or epoch)
  end
  if entry == '' then take_back(stream) end
  if sequence > expected then return '>' .. expected end
  return '=' .. known[1] .. (original and ' ' .. original or '')
end

local answers = {}
for batch = 1, batches do
  local done, answer = pcall(append, batch)
  if not done and ARGV[8 * batch + 3] == '' then take_back(KEYS[4 * batch - 3]) end
  answers[batch] = done and answer or { err = answer }
end
return answers
