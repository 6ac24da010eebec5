// The cooperative page: a small application that tells in response headers what happened to the session.
package stickybench.app;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Paths: {@code GET /visit} reads the session's counter {@code visits}, {@code POST /visit} increments it, {@code GET|POST /cart}
 * does the same with the key {@code cart}, {@code POST /login} changes the session id, {@code POST /logout} ends the session,
 * {@code GET /slow?ms=N} answers after N milliseconds, {@code GET /status/NNN} answers with that status.
 * Every path but logout takes the session or creates one.
 *
 * <p>Every answer carries {@code Sticky-Backend} (this node's name), {@code Sticky-New} (1 when this request created the session)
 * and, where there is a session after the request, {@code Sticky-Session} (its id), {@code Sticky-Owner} (a nonce stored at its
 * creation) and {@code Sticky-Counter} (the value, after this request, of the key the path is about).
 */
public final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String OWNER = "owner";
    private static final String VISITS = "visits";
    private static final String CART = "cart";
    private static final int LONGEST_SLEEP_MILLIS = 60_000;

    private final transient SecureRandom random = new SecureRandom();
    private String node;

    @Override
    public void init() {
        node = getServletContext().getInitParameter("node");
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // First of all, so that the error page of a request that fails later still names the node.
        response.setHeader("Sticky-Backend", node);
        response.setHeader("Sticky-New", "0");
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        String path = request.getServletPath();
        switch (method + " " + (path.startsWith("/status/") ? "/status/" : path)) {
            case "GET /visit" -> page(request, response, 200, VISITS, 0);
            case "POST /visit" -> page(request, response, 200, VISITS, 1);
            case "GET /cart" -> page(request, response, 200, CART, 0);
            case "POST /cart" -> page(request, response, 200, CART, 1);
            case "POST /login" -> login(request, response);
            case "POST /logout" -> logout(request, response);
            case "GET /slow" -> slow(request, response);
            case "GET /status/" -> status(request, response, path.substring("/status/".length()));
            default -> write(response, 404, method + " " + path + ": no such page");
        }
    }

    private void login(HttpServletRequest request, HttpServletResponse response) throws IOException {
        open(request, response);
        request.changeSessionId();
        page(request, response, 200, VISITS, 0);
    }

    private void logout(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
        write(response, 200, node + ": logged out");
    }

    /** The session is taken first: the request holds it while it sleeps. */
    private void slow(HttpServletRequest request, HttpServletResponse response) throws IOException {
        open(request, response);
        try {
            Thread.sleep(Math.min(Math.max(number(request.getParameter("ms"), 0), 0), LONGEST_SLEEP_MILLIS));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        page(request, response, 200, VISITS, 0);
    }

    private void status(HttpServletRequest request, HttpServletResponse response, String text) throws IOException {
        int status = number(text, 0);
        if (status < 200 || status > 599) {
            write(response, 400, "the status must lie between 200 and 599");
        } else {
            page(request, response, status, VISITS, 0);
        }
    }

    /** Adds to one counter of the session and tells everything about the session. */
    private void page(HttpServletRequest request, HttpServletResponse response, int status, String key, int add) throws IOException {
        HttpSession session = open(request, response);
        int value = count(session, key, add);
        response.setHeader("Sticky-Session", session.getId());
        response.setHeader("Sticky-Owner", (String) session.getAttribute(OWNER));
        response.setHeader("Sticky-Counter", Integer.toString(value));
        write(response, status, node + ": " + key + " " + value);
    }

    /** Takes the session or creates it, with a nonce that no other session has. */
    private HttpSession open(HttpServletRequest request, HttpServletResponse response) {
        HttpSession known = request.getSession(false);
        if (known != null) {
            return known;
        }
        HttpSession created = request.getSession(true);
        byte[] nonce = new byte[8];
        random.nextBytes(nonce);
        created.setAttribute(OWNER, HexFormat.of().formatHex(nonce));
        response.setHeader("Sticky-New", "1");
        return created;
    }

    /**
     * Tomcat gives all requests of a session in its memory one and the same object: the lock keeps two of them from losing an
     * increment. With sessions in Redis each request has a copy of its own, the lock guards nothing, and the last write wins.
     */
    private static int count(HttpSession session, String key, int add) {
        synchronized (session) {
            Integer before = (Integer) session.getAttribute(key);
            int after = (before == null ? 0 : before) + add;
            if (add != 0) {
                session.setAttribute(key, after);
            }
            return after;
        }
    }

    private static void write(HttpServletResponse response, int status, String line) throws IOException {
        response.setStatus(status);
        if (status == 204 || status == 205 || status == 304) {
            return;
        }
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().write(line + "\n");
    }

    private static int number(String text, int otherwise) {
        return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
    }
}
