// A few connections to Redis, shared by all request threads of one Tomcat.
package stickybench.redis;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Connections are made when they are needed, so Tomcat starts without Redis. Whoever finds all of them busy waits, at most as
 * long as he would wait for an answer. A connection that has been idle may have been closed by Redis in the meantime: a command
 * that fails on such a connection is tried once more on a fresh one.
 */
final class RedisPool {
    private final String host;
    private final int port;
    private final int timeoutMillis;
    private final Semaphore free;
    private final ConcurrentLinkedDeque<RedisConnection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    RedisPool(String host, int port, int size, int timeoutMillis) {
        this.host = host;
        this.port = port;
        this.timeoutMillis = timeoutMillis;
        this.free = new Semaphore(size, true);
    }

    /** The value of a key, or null. */
    byte[] get(String key) {
        return (byte[]) call(text("GET"), text(key));
    }

    /**
     * Stores a value. {@code condition} is NX (only a new key) or XX (only a key that exists); a {@code ttlMillis} of 0 or
     * less means that it never expires.
     *
     * @return whether the condition held and the value was stored
     */
    boolean set(String key, byte[] value, String condition, long ttlMillis) {
        Object reply = ttlMillis > 0
            ? call(text("SET"), text(key), value, text(condition), text("PX"), text(Long.toString(ttlMillis)))
            : call(text("SET"), text(key), value, text(condition));
        return reply != null;
    }

    /** Starts the life of a key again. A key that is gone stays gone. */
    void touch(String key, long ttlMillis) {
        if (ttlMillis > 0) {
            call(text("PEXPIRE"), text(key), text(Long.toString(ttlMillis)));
        } else {
            call(text("PERSIST"), text(key));
        }
    }

    /** Renames a key; its value and its remaining life stay. Fails when the key is gone. */
    void rename(String from, String to) {
        call(text("RENAME"), text(from), text(to));
    }

    void delete(String key) {
        call(text("DEL"), text(key));
    }

    /** Closes the idle connections. Those in use are closed as they come back. */
    void close() {
        closed = true;
        closeIdle();
    }

    private Object call(byte[]... words) {
        acquire();
        try {
            RedisConnection used = idle.pollFirst();
            if (used != null) {
                try {
                    return callOn(used, words);
                } catch (SocketTimeoutException slow) {
                    throw slow;
                } catch (IOException stale) {
                    closeIdle();
                }
            }
            return callOn(new RedisConnection(host, port, timeoutMillis), words);
        } catch (IOException error) {
            throw new RedisException("Redis at " + host + ":" + port + ": " + error);
        } finally {
            free.release();
        }
    }

    private Object callOn(RedisConnection connection, byte[]... words) throws IOException {
        boolean healthy = false;
        try {
            Object reply = connection.call(words);
            healthy = true;
            return reply;
        } catch (RedisException refused) {
            healthy = true;
            throw refused;
        } finally {
            if (healthy && !closed) {
                idle.addFirst(connection);
            } else {
                connection.close();
            }
        }
    }

    private void acquire() {
        try {
            if (!free.tryAcquire(timeoutMillis, TimeUnit.MILLISECONDS)) {
                throw new RedisException("all connections to Redis were busy for " + timeoutMillis + " ms");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted while waiting for a connection to Redis");
        }
    }

    private void closeIdle() {
        for (RedisConnection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            connection.close();
        }
    }

    private static byte[] text(String word) {
        return word.getBytes(StandardCharsets.UTF_8);
    }
}
