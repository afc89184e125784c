package dev.signet;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** What the service prints while it is watched: its log at the given level, and whatever goes to the console besides. */
public final class Output implements AutoCloseable {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final Map<Logger, Level> levels = new HashMap<>();

    private Output() {}

    /** Watches those loggers at that level, as an operator could set them; the others stay as they are. */
    public static Output at(Level level, String... loggers) {
        Output output = new Output();
        PrintStream stream = new PrintStream(output.bytes, true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        for (String name : loggers) {
            Logger logger = context.getLogger(name);
            output.levels.put(logger, logger.getLevel());
            logger.setLevel(level);
        }
        return output;
    }

    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    public List<String> lines() {
        return text().lines().toList();
    }

    @Override
    public void close() {
        levels.forEach(Logger::setLevel);
        System.setOut(out);
        System.setErr(err);
    }
}
