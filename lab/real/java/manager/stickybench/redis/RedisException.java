// Redis could not be asked, or refused.
package stickybench.redis;

/**
 * Unchecked on purpose: Tomcat takes an IOException from a manager for "no such session" and makes a new one
 * (Request.doGetSession), which would turn an outage of Redis into the silent loss of everybody's session. An unchecked
 * exception reaches the container and becomes an error status.
 *
 * <p>Without cause and stack trace: during an outage Tomcat logs one of these per request.
 */
public final class RedisException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedisException(String message) {
        super(message, null, false, false);
    }
}
