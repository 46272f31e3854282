#!lua flags=allow-oom
-- Notes which Redis serves an address. Where that is not the one that did before, this one may not know what that one
-- handed out last: whatever is here by now may have been handed out.
--
-- KEYS     stream, meta, delayed
-- ARGV     "1" when somebody is about to open a subscription: then also of an address that nobody has opened yet; time by
--          which delayed messages were due that must have joined the address first (ms; "": now); the Redis that the one who
--          asks was at last ("": none): this one may have been the primary all along, and not know of the other's time
-- Returns  the Redis that serves ("": it does not say), and "" when that is done; else such a time: what was due by then is
--          to join the address, and this to be asked again
--
-- Whoever may not call INFO notes nothing, and doubts nothing. May use more memory than Redis is allowed: it leads to taking.

local stream, meta, delayed = unpack(KEYS)
local opens, due_by, last = unpack(ARGV)

-- A process that becomes the primary once more than once is told apart by whose history it goes on with.
local info = redis.pcall('INFO', 'server', 'replication')
if type(info) ~= 'string' then return { '', '' } end
local server = string.match(info, 'run_id:(%w+)')
local before = string.match(info, 'master_replid2:(%w+)')
if not server or not before then return { '', '' } end
server = server .. ' ' .. before

local known = redis.call('HGET', meta, 'server')
if known == server and (last == '' or last == server) then return { server, '' } end
-- Without the stream there is an error, which is a table without groups.
if not known and #redis.pcall('XINFO', 'GROUPS', stream) == 0 then
  -- Nobody has been handed anything.
  if opens == '1' then redis.call('HSET', meta, 'server', server) end
  return { server, '' }
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- What the one before may have let join the address joins it here as another entry.
if due_by == '' then due_by = string.format('%.0f', now) end
if redis.call('ZCOUNT', delayed, '-inf', due_by) > 0 then return { server, due_by } end

-- What comes within this millisecond is new. Ids may be ahead of this server's clock.
local unsure_ms = now - 1
local info_of_stream = redis.pcall('XINFO', 'STREAM', stream)
for field = 1, #info_of_stream, 2 do
  if info_of_stream[field] == 'last-generated-id' then
    unsure_ms = math.max(unsure_ms, tonumber(string.match(info_of_stream[field + 1], '^%d+')))
  end
end
redis.call('HSET', meta, 'server', server, 'unsureMs', string.format('%.0f', unsure_ms))
return { server, '' }
