#!lua flags=allow-oom
-- Lets an instance alone read a subscription, unless another one does.
--
-- KEYS     subscription
-- ARGV     instance, then instances that are gone
-- Returns  the instance that alone may read from now on; of a subscription that is gone, the one that asks, until it has
--          opened it anew
--
-- May use more memory than Redis is allowed: reading is what leads to settling.

if redis.call('HEXISTS', KEYS[1], 'epoch') == 0 then return ARGV[1] end
local holder = redis.call('HGET', KEYS[1], 'reserved')
for at = 2, #ARGV do
  if ARGV[at] == holder then holder = false end
end
if not holder then
  holder = ARGV[1]
  redis.call('HSET', KEYS[1], 'reserved', holder)
end
return holder
