#!lua flags=allow-oom,no-writes
-- Says how much memory Redis uses, and how much it may.
--
-- KEYS     any of the partition's: on a cluster, its node is the one that is asked
-- ARGV     none
-- Returns  bytes in use, bytes allowed (0: no limit)

local info = redis.call('INFO', 'memory')
return { tonumber(string.match(info, 'used_memory:(%d+)')), tonumber(string.match(info, 'maxmemory:(%d+)')) }
