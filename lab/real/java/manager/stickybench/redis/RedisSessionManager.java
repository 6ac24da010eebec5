// Keeps Tomcat's sessions in Redis, so that every node finds every session.
package stickybench.redis;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Session;
import org.apache.catalina.session.ManagerBase;

/**
 * A session manager without memory of its own. What it promises:
 *
 * <ul>
 *   <li><b>One key per session</b>: the whole id, route included, no prefix. The value is the whole session, serialised by Java.
 *       A node that serves a session made elsewhere keeps the id as it is, suffix and all.
 *   <li><b>Reading</b>: each request reads the session from Redis when it first asks for it, and keeps that copy to its end. No
 *       copy outlives a request, so no node answers from a stale one.
 *   <li><b>Writing</b>: after the request, before Tomcat sends a short answer, if the content changed. The last write wins, for
 *       the session as a whole: of two requests that change different attributes at one time, one change is lost.
 *       An unchanged session only has its life renewed.
 *   <li><b>Life</b>: the session's own idle timeout, counted by Redis from the end of the last request that touched it. An
 *       expired session is simply gone; no listener hears of it.
 *   <li><b>Rotation</b>: the key is renamed when the request ends, so there is no moment in which neither id is valid.
 *   <li><b>Ending</b>: an invalidated session is deleted at once, and a slower request that still holds a copy cannot bring it
 *       back: an existing session is written only where its key still exists. That write is refused, with status 500.
 *   <li><b>Redis down</b>: reading fails with status 500. Writing fails with status 500 as long as the answer has not begun to
 *       leave; once it has (more than Tomcat's 8 KiB response buffer, or flushed), the loss is only logged, for the client has
 *       been told otherwise. Connections are made when needed: Tomcat starts without Redis and recovers with it.
 * </ul>
 *
 * <p>Not for asynchronous requests: a request is taken to end on the thread on which it began.
 */
public final class RedisSessionManager extends ManagerBase {
    private final ThreadLocal<Map<String, RedisSession>> request = new ThreadLocal<>();
    private final RedisSessionValve valve = new RedisSessionValve(this);
    private String host = "127.0.0.1";
    private int port = 6379;
    private int poolSize = 8;
    private int timeoutMillis = 2000;
    private RedisPool redis;

    public void setHost(String host) {
        this.host = host;
    }

    public void setPort(int port) {
        this.port = port;
    }

    /** Most connections to Redis at one time; requests beyond wait for one. */
    public void setPoolSize(int poolSize) {
        this.poolSize = poolSize;
    }

    /** Limit for connecting, for one answer of Redis, and for the wait for a free connection. */
    public void setTimeoutMillis(int timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    protected void startInternal() throws LifecycleException {
        super.startInternal();
        redis = new RedisPool(host, port, poolSize, timeoutMillis);
        getContext().getParent().getPipeline().addValve(valve);
        setState(LifecycleState.STARTING);
    }

    @Override
    protected void stopInternal() throws LifecycleException {
        setState(LifecycleState.STOPPING);
        getContext().getParent().getPipeline().removeValve(valve);
        redis.close();
        super.stopInternal();
    }

    /** A request begins on this thread: what an earlier one left behind is forgotten. */
    void beginRequest() {
        request.set(new HashMap<>());
    }

    /** The request on this thread is over: writes back what it changed and forgets its copies. */
    void endRequest() throws IOException {
        try {
            for (RedisSession session : request.get().values()) {
                store(session);
            }
        } finally {
            request.remove();
        }
    }

    @Override
    public Session createEmptySession() {
        return new RedisSession(this);
    }

    /** Null when Redis has no such session. Outside a request, as while Tomcat compares several cookies, nothing is kept. */
    @Override
    public Session findSession(String id) throws IOException {
        if (id == null) {
            return null;
        }
        Map<String, RedisSession> seen = request.get();
        if (seen != null && seen.containsKey(id)) {
            return seen.get(id);
        }
        RedisSession session = load(id);
        if (session != null && seen != null) {
            seen.put(id, session);
        }
        return session;
    }

    /** Called for a session that is new, and for one that just took another id. */
    @Override
    public void add(Session session) {
        Map<String, RedisSession> seen = request.get();
        if (seen == null) {
            throw new IllegalStateException("a session can be created only while a request is served");
        }
        seen.put(session.getIdInternal(), (RedisSession) session);
    }

    /** With {@code ended} the session is over; without, it is about to take another id and Redis learns of it at the end of the request. */
    @Override
    public void remove(Session session, boolean ended) {
        Map<String, RedisSession> seen = request.get();
        if (seen != null) {
            seen.remove(session.getIdInternal());
        }
        String stored = ((RedisSession) session).storedId();
        if (ended && stored != null) {
            redis.delete(stored);
        }
    }

    /** None: the sessions are in Redis, not here. */
    @Override
    public Session[] findSessions() {
        return new Session[0];
    }

    @Override
    public int getActiveSessions() {
        return 0;
    }

    /** Nothing to do: sessions never leave Redis. */
    @Override
    public void load() {}

    /** Nothing to do: sessions never leave Redis. */
    @Override
    public void unload() {}

    private RedisSession load(String id) throws IOException {
        byte[] bytes = redis.get(id);
        if (bytes == null) {
            return null;
        }
        try {
            return RedisSession.fromBytes(bytes, this);
        } catch (ClassNotFoundException | IOException unreadable) {
            throw new RedisException("session " + id + " in Redis cannot be read: " + unreadable);
        }
    }

    private void store(RedisSession session) throws IOException {
        if (session.storedId() == null) {
            insert(session);
        } else if (session.changed()) {
            update(session);
        } else {
            redis.touch(session.storedId(), ttlMillis(session));
        }
    }

    private void insert(RedisSession session) throws IOException {
        if (!redis.set(session.getIdInternal(), session.toBytes(), "NX", ttlMillis(session))) {
            throw new RedisException("Redis already holds a session of this new id");
        }
        session.markStored();
    }

    private void update(RedisSession session) throws IOException {
        if (!redis.set(session.storedId(), session.toBytes(), "XX", ttlMillis(session))) {
            throw new RedisException("the session ended while this request was changing it");
        }
        if (!session.getIdInternal().equals(session.storedId())) {
            redis.rename(session.storedId(), session.getIdInternal());
        }
        session.markStored();
    }

    /** Tomcat takes 0 and less for "never expires". */
    private static long ttlMillis(RedisSession session) {
        return session.getMaxInactiveInterval() * 1000L;
    }
}
