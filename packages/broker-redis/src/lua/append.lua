-- Appends batches, each once and each for itself: what fails one harms no other.
--
-- KEYS     of each batch: stream, meta, producer, addresses of its partition
-- ARGV     epoch for an address that has none, how long a producer is remembered (s), how long a topic's entries are
--          kept (ms), the wake-up's text, then of each batch: address, wake-up channel, how many of the channel's
--          subscribers need no wake-up, sequence (0: unnumbered), messages, bytes, entry
--          An empty entry was added to the stream by an XADD just before, in the same transaction.
-- Returns  of each batch: "+<epoch>" stored, "=<epoch>" had been stored before, "><sequence>" would leave a gap: this
--          sequence is expected; or an error: OOM, before anything of the batch is written
--
-- Without "#!lua" in its first line it begins also when memory is used up, so that a gap is called a gap even then.

local epoch, remember_s, retention_ms, wake_up = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local batches = #KEYS / 4

-- One question for all channels.
local channels = {}
for batch = 1, batches do channels[batch] = ARGV[7 * batch - 1] end
local subscribers = redis.call('PUBSUB', 'SHARDNUMSUB', unpack(channels))

-- The entry that was added just before.
local function take_back(stream)
  redis.call('XDEL', stream, redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1][1])
end

local function append(batch)
  local stream, meta, producer, addresses = unpack(KEYS, 4 * batch - 3, 4 * batch)
  local address, channel, served, sequence, messages, bytes, entry = unpack(ARGV, 7 * batch - 2, 7 * batch + 4)
  sequence = tonumber(sequence)
  local known = redis.call('HMGET', meta, 'epoch', 'published', 'publishedBytes')
  local expected = sequence
  -- Without its epoch the address has lost its history, whatever else is left of it.
  if sequence > 0 then expected = (known[1] and redis.call('GET', producer) or 0) + 1 end

  if sequence == expected then
    -- First what may be forbidden to this user, so that a refusal changes nothing.
    if subscribers[2 * batch] > tonumber(served) then redis.call('SPUBLISH', channel, wake_up) end
    if not known[1] then redis.call('SADD', addresses, address) end
    if entry ~= '' then redis.call('XADD', stream, '*', 'b', entry) end
    if sequence > 0 then redis.call('SET', producer, sequence, 'EX', remember_s) end
    redis.call('HSET', meta, 'epoch', known[1] or epoch,
      'published', (known[2] or 0) + messages, 'publishedBytes', (known[3] or 0) + bytes)
    if string.sub(address, 1, 6) == 'topic:' then
      local oldest_ms = redis.call('TIME')[1] * 1000 - retention_ms
      redis.call('XTRIM', stream, 'MINID', '~', string.format('%.0f', oldest_ms))
    end
    return '+' .. (known[1] or epoch)
  end
  if entry == '' then take_back(stream) end
  return sequence < expected and '=' .. known[1] or '>' .. expected
end

local answers = {}
for batch = 1, batches do
  local done, answer = pcall(append, batch)
  if not done and ARGV[7 * batch + 4] == '' then take_back(KEYS[4 * batch - 3]) end
  answers[batch] = done and answer or { err = answer }
end
return answers
