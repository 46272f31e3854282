#!lua flags=allow-oom
-- Takes dead letters of one subscription off their shelf, oldest first: back into its queue as attempt 1, or for good.
--
-- KEYS     dead letters, waiting retries, subscription; of a receiver's also meta, which counts what was put back into its queue
-- ARGV     "redrive" or "purge", ids to begin and to end with, text that the reason must contain, most letters to look
--          at, bytes after which to stop, wake-up channel, the wake-up's text
-- Returns  messages taken off, id of the last letter looked at ("": no more are left)
--
-- Redriven letters wait as retries do, due now, in the order of their deaths, and do not expire any more. May use more
-- memory than Redis is allowed: what it writes in one place it deletes in the other.

local dead, waiting, subscription, meta = unpack(KEYS)
local action, from, to, reason, most, most_bytes, channel, wake_up = unpack(ARGV)
most, most_bytes = tonumber(most), tonumber(most_bytes)

-- Attempt 1, no crashes, and the mark of a redriven entry: see stored-entry.ts.
local FIRST_ATTEMPT = 0x80000001

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function field(letter, name)
  for at = 1, #letter[2], 2 do
    if letter[2][at] == name then return letter[2][at + 1] end
  end
  return ''
end

local looked, bytes, messages, taken, last = 0, 0, 0, {}, ''
while looked < most and bytes < most_bytes do
  local letter = redis.call('XRANGE', dead, from, to, 'COUNT', 1)[1]
  if not letter then
    last = ''
    break
  end
  last = letter[1]
  from = '(' .. last
  looked = looked + 1
  local entry = field(letter, 'b')
  -- What something else wrote there can be deleted, but handed to nobody.
  local readable = #entry >= 16
  if (readable or action == 'purge') and string.find(field(letter, 'reason'), reason, 1, true) then
    bytes = bytes + #entry
    messages = messages + (readable and struct.unpack('>I4', entry) or 1)
    taken[#taken + 1] = last
    if action == 'redrive' then
      local ms, number = string.match(last, '^(%d+)-(%d+)$')
      -- Those due at the same time come in the order of their members.
      local member = string.format('d%015d-%010d\n', ms, number)
        .. string.sub(entry, 1, 8) .. struct.pack('>I4', FIRST_ATTEMPT) .. string.sub(entry, 13)
      redis.call('ZADD', waiting, now, member)
    end
  end
end

if #taken > 0 then
  redis.call('XDEL', dead, unpack(taken))
  if action == 'redrive' then
    redis.call('HINCRBY', subscription, 'redriven', messages)
    if meta then
      redis.call('HINCRBY', meta, 'putBack', messages)
      redis.call('HINCRBY', meta, 'putBackBytes', bytes)
    end
    redis.call('SPUBLISH', channel, wake_up)
  end
end

return { messages, last }
