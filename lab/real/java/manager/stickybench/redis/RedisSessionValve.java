// Tells the manager where a request begins and where it ends.
package stickybench.redis;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;

/**
 * The manager puts it into the host's pipeline itself; it needs no mention in a configuration file. The host's and not the
 * context's, because the authenticator, which stands first in every context's pipeline, already asks for the session.
 */
final class RedisSessionValve extends ValveBase {
    private static final Log LOG = LogFactory.getLog(RedisSessionValve.class);

    private final RedisSessionManager manager;

    RedisSessionValve(RedisSessionManager manager) {
        super(false);
        this.manager = manager;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (request.getContext() != manager.getContext()) {
            getNext().invoke(request, response);
            return;
        }
        nameNode(response);
        manager.beginRequest();
        try {
            getNext().invoke(request, response);
        } finally {
            save(response);
        }
    }

    /**
     * A session that could not be saved is an error to the client, while that is still possible: cookie and all other headers are
     * withdrawn, except who it is that answers.
     */
    private void save(Response response) {
        try {
            manager.endRequest();
        } catch (IOException | RuntimeException error) {
            boolean told = response.isCommitted();
            LOG.error("session not saved, " + (told ? "though the client has been answered" : "the client gets status 500") + ": " + error);
            if (!told) {
                refuse(response);
            }
        }
    }

    /** Before anything can fail: the application does not come to say it when its session cannot even be read. */
    private void nameNode(Response response) {
        String node = manager.getContext().getServletContext().getInitParameter("node");
        if (node != null) {
            response.setHeader("Sticky-Backend", node);
            response.setHeader("Sticky-New", "0");
        }
    }

    private void refuse(Response response) {
        response.reset();
        nameNode(response);
        try {
            response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "The session could not be saved.");
        } catch (IOException gone) {
            LOG.debug("the client is gone", gone);
        }
    }
}
