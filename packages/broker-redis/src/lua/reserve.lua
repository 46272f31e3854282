#!lua flags=allow-oom
-- Lets an instance alone read a subscription, unless another one does.
--
-- KEYS     subscription
-- ARGV     instance, then instances that are gone
-- Returns  the instance that alone may read from now on
--
-- May use more memory than Redis is allowed: reading is what leads to settling.

local holder = redis.call('HGET', KEYS[1], 'reserved')
for at = 2, #ARGV do
  if ARGV[at] == holder then holder = false end
end
if not holder then
  holder = ARGV[1]
  redis.call('HSET', KEYS[1], 'reserved', holder)
end
return holder
