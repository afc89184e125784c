package dev.signet.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What {@code postmaster.pid} says of the process that serves a folder, or served it until it was killed. */
record Postmaster(Path cluster, long pid, int port) {

    static Optional<Postmaster> of(Path cluster) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        // pid, folder, start, port; a file that is being written may have fewer
        return lines.size() < 4 || lines.get(3).isBlank()
                ? Optional.empty()
                : Optional.of(new Postmaster(
                        cluster,
                        Long.parseLong(lines.get(0).strip()),
                        Integer.parseInt(lines.get(3).strip())));
    }

    /** Whether that process lives and really is a PostgreSQL of this folder: the number may be another's by now. */
    boolean runs() {
        return ProcessHandle.of(pid)
                .map(ProcessHandle::info)
                .filter(process -> isPostgres(process)
                        && Arrays.asList(process.arguments().orElse(new String[0]))
                                .contains(cluster.toString()))
                .isPresent();
    }

    /** Whether the number now belongs to a process of another kind, which PostgreSQL would take for its own. */
    boolean isMistaken() {
        return ProcessHandle.of(pid)
                .map(ProcessHandle::info)
                .filter(process -> process.command().isPresent() && !isPostgres(process))
                .isPresent();
    }

    void forget() throws IOException {
        Files.deleteIfExists(cluster.resolve("postmaster.pid"));
    }

    private static boolean isPostgres(ProcessHandle.Info process) {
        return process.command()
                .filter(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
                .isPresent();
    }
}
