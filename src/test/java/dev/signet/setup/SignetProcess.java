package dev.signet.setup;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The service in a process of its own, as people run it: only there can it be killed, or refuse to start. */
final class SignetProcess implements AutoCloseable {

    private final Process process;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();

    private SignetProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::listen);
    }

    /** With these settings and none of this machine's; a terminal command where there are words. */
    static SignetProcess start(Map<String, String> settings, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "dev.signet.Signet"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("SIGNET_") || name.startsWith("SPRING_") || name.startsWith("JAVA_"));
        builder.environment().put("SERVER_PORT", "0");
        builder.environment().put("CLASSPATH", classpath());
        builder.environment().putAll(settings);
        return new SignetProcess(builder.redirectErrorStream(true).start());
    }

    SignetProcess awaitStart() throws Exception {
        if (!started.get(60, TimeUnit.SECONDS)) {
            throw new AssertionError("did not start: " + output());
        }
        return this;
    }

    /** The exit code, or an error where it still runs after that time. */
    int exitWithin(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit)) {
            throw new AssertionError("still running after " + limit + ": " + output());
        }
        // the output may end a moment after the process
        started.join();
        return process.exitValue();
    }

    String output() {
        return String.join("\n", output);
    }

    boolean runs() {
        return process.isAlive();
    }

    /** As {@code kill -9} does: nothing of the service runs any more, not even to close something. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
        kill();
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.contains("Started Signet in")) {
                    started.complete(true);
                }
            }
        } catch (IOException e) {
            output.add(e.toString());
        } finally {
            started.complete(false);
        }
    }

    /** Without the tests' own classes, which the packaged service does not have either. */
    private static String classpath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
