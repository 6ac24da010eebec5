// One connection to Redis, speaking RESP2: requests are arrays of bulk strings, replies are read by their first byte.
package stickybench.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Not thread-safe: a connection serves one command at a time. After an IOException it is of no more use. */
final class RedisConnection implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    RedisConnection(String host, int port, int timeoutMillis) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis);
            socket.connect(new InetSocketAddress(host, port), timeoutMillis);
            in = new BufferedInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream());
        } catch (IOException error) {
            close();
            throw error;
        }
    }

    /**
     * Sends one command and reads its reply: null, a Long, or a byte[] (status and bulk strings alike).
     *
     * @throws RedisException when Redis answers with an error
     */
    Object call(byte[]... words) throws IOException {
        write('*', words.length);
        for (byte[] word : words) {
            write('$', word.length);
            out.write(word);
            out.write('\r');
            out.write('\n');
        }
        out.flush();
        return readReply();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // The connection is given up; there is nobody to tell.
        }
    }

    private void write(char type, int number) throws IOException {
        out.write((type + Integer.toString(number) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private Object readReply() throws IOException {
        int type = in.read();
        if (type < 0) {
            throw new EOFException("Redis closed the connection");
        }
        String line = readLine();
        switch (type) {
            case '+':
                return line.getBytes(StandardCharsets.UTF_8);
            case '-':
                throw new RedisException("Redis answered: " + line);
            case ':':
                return Long.valueOf(line);
            case '$':
                return readBulk(Integer.parseInt(line));
            default:
                throw new IOException("not a reply this client knows: " + (char) type + line);
        }
    }

    private byte[] readBulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new EOFException("Redis cut a reply short");
        }
        return bytes;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\r'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("Redis cut a reply short");
            }
            line.append((char) octet);
        }
        if (in.read() != '\n') {
            throw new IOException("a carriage return alone in a reply");
        }
        return line.toString();
    }
}
