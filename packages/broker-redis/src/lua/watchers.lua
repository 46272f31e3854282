#!lua flags=allow-oom
-- Says how many instances read a subscription at this moment.
--
-- KEYS     subscription, which is not read: it says where in a cluster to ask
-- ARGV     the channel of its readers
-- Returns  how many listen to it

return redis.call('PUBSUB', 'SHARDNUMSUB', ARGV[1])[2]
