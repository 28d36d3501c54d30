import logging
import time

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REST_SECONDS = 5


class GuardedRedisCache(RedisCache):
    """Redis, or nothing: while it cannot be reached, every read is a miss and every write is lost.

    After a failure it is left alone for a few seconds; a page that asks twenty times must not wait
    twenty times.
    """

    # Shared by all threads, each of which has an instance of its own.
    _rest_until = {}

    def guarded(self, method, otherwise, *args, **kwargs):
        server = tuple(self._servers)
        if time.monotonic() < self._rest_until.get(server, 0):
            return otherwise
        try:
            return method(*args, **kwargs)
        except (RedisError, OSError) as error:
            self._rest_until[server] = time.monotonic() + REST_SECONDS
            logger.warning("The cache does not answer, going on without it: %s", error)
            return otherwise

    def add(self, key, value, *args, **kwargs):
        # True is what an empty cache would answer.
        return self.guarded(super().add, True, key, value, *args, **kwargs)

    def get(self, key, default=None, version=None):
        return self.guarded(super().get, default, key, default, version)

    def set(self, key, value, *args, **kwargs):
        return self.guarded(super().set, None, key, value, *args, **kwargs)

    def touch(self, key, *args, **kwargs):
        return self.guarded(super().touch, False, key, *args, **kwargs)

    def delete(self, key, version=None):
        return self.guarded(super().delete, False, key, version)

    def get_many(self, keys, version=None):
        return self.guarded(super().get_many, {}, keys, version)

    def set_many(self, data, *args, **kwargs):
        # What set_many returns is the keys that were not stored.
        return self.guarded(super().set_many, list(data), data, *args, **kwargs)

    def delete_many(self, keys, version=None):
        return self.guarded(super().delete_many, None, keys, version)

    def has_key(self, key, version=None):
        return self.guarded(super().has_key, False, key, version)

    def incr(self, key, delta=1, version=None):
        value = self.guarded(super().incr, None, key, delta, version)
        if value is None:
            raise ValueError(f"Key '{key}' not found.")  # As for any key that is not there.
        return value

    def clear(self):
        return self.guarded(super().clear, False)
