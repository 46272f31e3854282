#!lua flags=allow-oom
-- Says that an instance lives, for a while.
--
-- KEYS     liveness
-- ARGV     for how long (ms)
-- Returns  OK
--
-- May use more memory than Redis is allowed: a full Redis must not make every instance look dead.

return redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
