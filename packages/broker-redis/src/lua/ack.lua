#!lua flags=allow-oom
-- Lets go of entries of which every message was acked and nothing else is known: nearly all. settle.lua does the rest.
--
-- KEYS     of each subscription: stream, subscription; of a topic's also meta
-- ARGV     instance, then of each subscription: group, how often a topic's had been moved when the entries were claimed ("": a
--          receiver's, of which settled entries leave the stream), number of entries, of each entry: id, acked messages
-- Returns  of each subscription: ids of entries that this instance does not own, for which nothing was changed; "moved" where
--          it was moved since then, and nothing was changed; or an error, which harms no other
--
-- May use more memory than Redis is allowed: settling is what gives memory back.

local instance = ARGV[1]

local function settle(stream, subscription, meta, at)
  local group, moves, entries = unpack(ARGV, at, at + 2)
  if meta and (redis.call('HGET', meta, 'sought:' .. group) or '0') ~= moves then return 'moved' end
  local owned, lost, acked, seen = {}, {}, 0, {}
  for entry = at + 3, at + 1 + 2 * entries, 2 do
    local id = ARGV[entry]
    -- Without the group there is an error, which is a table without entries too.
    if not seen[id] and redis.pcall('XPENDING', stream, group, id, id, 1, instance)[1] then
      owned[#owned + 1] = id
      acked = acked + ARGV[entry + 1]
    else
      lost[#lost + 1] = id
    end
    seen[id] = true
  end
  if #owned > 0 then
    -- First what may fail.
    redis.call('HINCRBY', subscription, 'acked', acked)
    redis.call('XACK', stream, group, unpack(owned))
    if not meta then redis.call('XDEL', stream, unpack(owned)) end
  end
  return lost
end

local answers, key, at = {}, 1, 2
while at <= #ARGV do
  local meta = ARGV[at + 1] ~= '' and KEYS[key + 2]
  local done, answer = pcall(settle, KEYS[key], KEYS[key + 1], meta, at)
  answers[#answers + 1] = done and answer or { err = answer }
  key = key + (meta and 3 or 2)
  at = at + 3 + 2 * ARGV[at + 2]
end
return answers
