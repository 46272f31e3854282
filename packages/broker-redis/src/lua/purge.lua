#!lua flags=allow-oom
-- Lets go of what waits at one subscription and nobody holds: what was given back, retries, and what is unread.
--
-- KEYS     stream, retries in hand, waiting retries, subscription, progress
-- ARGV     group, "1" if settled entries leave the stream, id to end with, most entries, bytes after which to stop
-- Returns  messages let go, "1" if there may be more

local stream, retries, waiting, subscription, progress = unpack(KEYS)
local group, leaves, to, most, most_bytes = unpack(ARGV)
most, most_bytes = tonumber(most), tonumber(most_bytes)

local entries, bytes, messages = 0, 0, 0
local function has_room() return entries < most and bytes < most_bytes end
local function count(entry)
  entries, bytes = entries + 1, bytes + #entry
  messages = messages + (#entry >= 16 and struct.unpack('>I4', entry) or 0)
end

local function purge_free(key)
  -- Without the group there is an error, which is a table without entries too.
  for _, pending in ipairs(redis.pcall('XPENDING', key, group, '-', '+', most, 'free')) do
    if not has_room() then return end
    local id = pending[1]
    local ref = key == retries and 'r' .. id or id
    local found = redis.call('XRANGE', key, id, id)[1]
    if found then count(found[2][2]) else entries = entries + 1 end
    messages = messages - (string.match(redis.call('HGET', progress, ref) or '0', '^%d+') or 0)
    redis.call('HDEL', progress, ref)
    redis.call('XACK', key, group, id)
    if key == retries or leaves == '1' then redis.call('XDEL', key, id) end
  end
end

local function purge_waiting()
  while has_room() do
    local member = redis.call('ZRANGE', waiting, 0, 0)[1]
    if not member then return end
    count(string.sub(member, string.find(member, '\n', 1, true) + 1))
    redis.call('ZREM', waiting, member)
  end
end

local function last_delivered()
  for _, info in ipairs(redis.pcall('XINFO', 'GROUPS', stream)) do
    local name, last
    for at = 1, #info, 2 do
      if info[at] == 'name' then name = info[at + 1] end
      if info[at] == 'last-delivered-id' then last = info[at + 1] end
    end
    if name == group then return last end
  end
end

local function purge_unread()
  local last = last_delivered()
  -- Nobody has read this receiver yet.
  if not last and leaves == '1' then last = '0-0' end
  if not last then return end
  local begin = last
  while has_room() do
    local found = redis.call('XRANGE', stream, '(' .. last, to, 'COUNT', 1)[1]
    if not found then break end
    last = found[1]
    count(found[2][2])
    if leaves == '1' then redis.call('XDEL', stream, last) end
  end
  if leaves ~= '1' and last ~= begin then redis.call('XGROUP', 'SETID', stream, group, last) end
end

purge_free(stream)
if redis.call('EXISTS', retries) == 1 then purge_free(retries) end
purge_waiting()
purge_unread()
if messages > 0 then redis.call('HINCRBY', subscription, 'purged', messages) end

return { messages, has_room() and '' or '1' }
