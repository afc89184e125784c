package dev.signet.setup;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs, unpacked once into a folder of the user's own. */
record PostgresPrograms(Path home) {

    private static final int OWNER_EXECUTES = 0100;

    static PostgresPrograms unpacked() throws IOException {
        byte[] archive = archive();
        Path cache = cache();
        Path home = cache.resolve("postgresql-" + digest(archive));
        if (!Files.isDirectory(home)) {
            OwnerOnly.createFolder(cache);
            Path unfinished = Files.createTempDirectory(cache, "unpack");
            try {
                unpack(archive, unfinished);
                // whole or not at all, whoever else unpacks at the same time
                Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                FileSystemUtils.deleteRecursively(unfinished);
                if (!Files.isDirectory(home)) {
                    throw e;
                }
            }
        }
        return new PostgresPrograms(home);
    }

    /** Waits for the program to end and gives its exit code. What it says is added to the log. */
    int run(Path log, String program, List<String> arguments) throws IOException {
        Process process = new ProcessBuilder(command(program, arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return ended(process);
    }

    int majorVersion() throws IOException {
        Process process = new ProcessBuilder(command("postgres", List.of("--version"))).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        ended(process);
        // postgres (PostgreSQL) 18.6
        String version = said.strip().substring(said.lastIndexOf(' ') + 1);
        return Integer.parseInt(version.replaceFirst("\\D.*", ""));
    }

    private List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // PostgreSQL refuses to run as root; in a user namespace root is nobody in particular
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(home.resolve("bin", program).toString());
        command.addAll(arguments);
        return command;
    }

    private static int ended(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL's programs ran", e);
        }
    }

    private static byte[] archive() throws IOException {
        try (InputStream archive =
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system(), System.getProperty("os.arch", ""))) {
            return archive.readAllBytes();
        }
    }

    private static String system() {
        String name = System.getProperty("os.name", "");
        return name.startsWith("Windows") ? "Windows" : name.startsWith("Mac") ? "Darwin" : "Linux";
    }

    /** Not the shared temporary folder, where another user of the machine could put programs of theirs. */
    private static Path cache() {
        String chosen = System.getenv("XDG_CACHE_HOME");
        Path caches = chosen == null || chosen.isBlank()
                ? Path.of(System.getProperty("user.home", ""), ".cache")
                : Path.of(chosen);
        return caches.resolve("signet").toAbsolutePath();
    }

    private static String digest(byte[] archive) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void unpack(byte[] archive, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, target.resolve(entry.getName()));
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.resolveSibling(""));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, target);
            if ((entry.getMode() & OWNER_EXECUTES) != 0 && !target.toFile().setExecutable(true)) {
                throw new IOException("could not make " + target + " executable");
            }
        }
    }
}
