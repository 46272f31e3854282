-- Appends batches of one partition, each once.
--
-- KEYS     addresses, then of each batch: stream, meta, producer
-- ARGV     epoch for an address that has none, how long a producer is remembered (s), how long a topic's entries are
--          kept (ms), the wake-up's text, then of each batch: address, wake-up channel, how many of the channel's
--          subscribers need no wake-up, sequence (0: unnumbered), messages, bytes, entry
--          An empty entry was added to the stream by an XADD just before, in the same transaction.
-- Returns  of each batch: "+<epoch>" stored, "=<epoch>" had been stored before, "><sequence>" would leave a gap: this
--          sequence is expected
-- Errors   OOM before anything is written
--
-- Without "#!lua" in its first line it begins also when memory is used up, so that a gap is called a gap even then.

local epoch, remember_s, retention_ms, wake_up = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local answers = {}

for batch = 1, (#KEYS - 1) / 3 do
  local stream, meta, producer = unpack(KEYS, 3 * batch - 1, 3 * batch + 1)
  local address, channel, served, sequence, messages, bytes, entry = unpack(ARGV, 7 * batch - 2, 7 * batch + 4)
  sequence = tonumber(sequence)
  local known = redis.call('HMGET', meta, 'epoch', 'published', 'publishedBytes')
  local expected = sequence
  -- Without its epoch the address has lost its history, whatever else is left of it.
  if sequence > 0 then expected = (known[1] and redis.call('GET', producer) or 0) + 1 end

  if sequence == expected then
    -- First what may be forbidden to this user, so that a refusal changes nothing.
    if redis.call('PUBSUB', 'SHARDNUMSUB', channel)[2] > tonumber(served) then
      redis.call('SPUBLISH', channel, wake_up)
    end
    if entry ~= '' then redis.call('XADD', stream, '*', 'b', entry) end
    if sequence > 0 then redis.call('SET', producer, sequence, 'EX', remember_s) end
    if not known[1] then redis.call('SADD', KEYS[1], address) end
    redis.call('HSET', meta, 'epoch', known[1] or epoch,
      'published', (known[2] or 0) + messages, 'publishedBytes', (known[3] or 0) + bytes)
    if string.sub(address, 1, 6) == 'topic:' then
      local oldest_ms = redis.call('TIME')[1] * 1000 - retention_ms
      redis.call('XTRIM', stream, 'MINID', '~', string.format('%.0f', oldest_ms))
    end
    answers[batch] = '+' .. (known[1] or epoch)
  else
    if entry == '' then
      redis.call('XDEL', stream, redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1][1])
    end
    if sequence < expected then
      answers[batch] = '=' .. known[1]
    else
      answers[batch] = '>' .. expected
    end
  end
end

return answers
