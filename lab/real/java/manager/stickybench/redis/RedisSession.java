// A session as one request sees it: read from Redis, perhaps changed, perhaps written back.
package stickybench.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import org.apache.catalina.Manager;
import org.apache.catalina.session.StandardSession;
import org.apache.catalina.util.CustomObjectInputStream;

/**
 * Lives for one request and belongs to its thread. It remembers under which id Redis holds it and what its content was when it
 * was read; content means the idle timeout and all attributes, compared in their serialised form, so a change inside an
 * attribute is seen as well as a setAttribute.
 */
final class RedisSession extends StandardSession {
    private static final long serialVersionUID = 1L;

    /** The id under which Redis holds the session; null before the first save. */
    private transient String storedId;
    private transient byte[] storedContent;

    RedisSession(Manager manager) {
        super(manager);
    }

    /** Rebuilds a session from what {@link #toBytes} made. */
    static RedisSession fromBytes(byte[] bytes, Manager manager) throws IOException, ClassNotFoundException {
        RedisSession session = new RedisSession(manager);
        ClassLoader loader = manager.getContext().getLoader().getClassLoader();
        try (ObjectInputStream in = new CustomObjectInputStream(new ByteArrayInputStream(bytes), loader)) {
            session.readObjectData(in);
        }
        session.setNew(false);
        // Redis, not the clock in the bytes, says whether the session has expired: a request that changes nothing renews the life
        // of the key and leaves the bytes alone.
        session.thisAccessedTime = System.currentTimeMillis();
        session.markStored();
        return session;
    }

    byte[] toBytes() throws IOException {
        lastAccessedTime = thisAccessedTime;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            writeObjectData(out);
        }
        return bytes.toByteArray();
    }

    String storedId() {
        return storedId;
    }

    boolean changed() throws IOException {
        return !getIdInternal().equals(storedId) || !Arrays.equals(content(), storedContent);
    }

    /** From now on Redis holds this session as it is. */
    void markStored() throws IOException {
        storedId = getIdInternal();
        storedContent = content();
    }

    private byte[] content() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeInt(maxInactiveInterval);
            for (String name : keys()) {
                if (isAttributeDistributable(name, attributes.get(name))) {
                    out.writeObject(name);
                    out.writeObject(attributes.get(name));
                }
            }
        }
        return bytes.toByteArray();
    }
}
