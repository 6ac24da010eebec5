// Gives every new session the lab's idle timeout, in seconds.
package stickybench.app;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/**
 * The session-timeout of web.xml counts minutes, too coarse for a lab that wants to see sessions expire. So the timeout comes
 * as the context parameter {@code idleTimeoutSeconds} and is set on each session as it is created.
 */
public final class IdleTimeout implements HttpSessionListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
        String seconds = event.getSession().getServletContext().getInitParameter("idleTimeoutSeconds");
        if (seconds != null) {
            event.getSession().setMaxInactiveInterval(Integer.parseInt(seconds));
        }
    }
}
