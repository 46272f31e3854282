#!lua flags=allow-oom
-- Lets any instance have what a leaving one owns of a subscription.
--
-- KEYS     stream, retries in hand, handed, subscription
-- ARGV     group, instance, wake-up channel, how many of its subscribers need no wake-up, the wake-up's text
-- Returns  how many entries were given back

local group, instance, channel, served, wake_up = unpack(ARGV)
local given_back = 0

for _, key in ipairs({ KEYS[1], KEYS[2] }) do
  while true do
    -- Without the group there is an error, which is a table without entries too.
    local pending = redis.pcall('XPENDING', key, group, '-', '+', 1000, instance)
    if #pending == 0 then break end
    local ids = {}
    for place, entry in ipairs(pending) do ids[place] = entry[1] end
    given_back = given_back + #ids
    ids[#ids + 1] = 'JUSTID'
    redis.call('XCLAIM', key, group, 'free', 0, unpack(ids))
  end
  redis.pcall('XGROUP', 'DELCONSUMER', key, group, instance)
end

local handed = redis.call('HGETALL', KEYS[3])
for at = 1, #handed, 2 do
  if handed[at + 1] == instance then redis.call('HDEL', KEYS[3], handed[at]) end
end

local wakes = given_back > 0
if redis.call('HGET', KEYS[4], 'reserved') == instance then
  redis.call('HDEL', KEYS[4], 'reserved')
  wakes = true
end

if wakes and redis.call('PUBSUB', 'SHARDNUMSUB', channel)[2] > tonumber(served) then
  redis.call('SPUBLISH', channel, wake_up)
end

return given_back
