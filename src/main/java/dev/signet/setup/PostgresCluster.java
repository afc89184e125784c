package dev.signet.setup;

import dev.signet.platform.StartRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** The files of an embedded database and the process that serves them. Only for who owns the data folder. */
record PostgresCluster(DataFolder folder, PostgresPrograms programs, Path path) {

    static final String SUPERUSER = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCluster.class);
    private static final int ATTEMPTS = 3;

    static PostgresCluster in(DataFolder folder) throws IOException {
        PostgresPrograms programs = PostgresPrograms.unpacked();
        return new PostgresCluster(folder, programs, folder.cluster(programs.majorVersion()));
    }

    /** Makes the files where there are none, and stops what a killed service left running. Gives the password. */
    String prepare() throws IOException {
        OwnerOnly.write(folder.log(), "");
        if (!Files.exists(path)) {
            create();
        }
        if (!Files.exists(folder.passwordFile())) {
            throw new StartRefusedException(
                    "The password of the database in " + path + " is missing: " + folder.passwordFile() + ".",
                    "Put the file back from a backup of the data folder.");
        }
        stopLeftOver();
        return Files.readString(folder.passwordFile()).strip();
    }

    /** Serves the files on a free port of 127.0.0.1, which it gives. Settings are PostgreSQL's: {@code fsync=off}. */
    int start(String... settings) throws IOException {
        // somebody else may take the port in between
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            int port = freePort();
            List<String> options = new ArrayList<>(List.of(
                    "-p " + port,
                    "-c listen_addresses=127.0.0.1",
                    "-c unix_socket_directories=",
                    "-c log_checkpoints=off"));
            for (String setting : settings) {
                options.add("-c " + setting);
            }
            if (control("start", "-l", folder.log().toString(), "-o", String.join(" ", options))) {
                return port;
            }
        }
        throw refused("start");
    }

    void stop() throws IOException {
        if (!control("stop", "-m", "fast")) {
            LOG.warn("PostgreSQL did not stop in time; {} may say why", folder.log());
        }
    }

    private void create() throws IOException {
        OwnerOnly.write(folder.passwordFile(), newPassword());
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        FileSystemUtils.deleteRecursively(unfinished);
        int code = programs.run(
                folder.log(),
                "initdb",
                List.of(
                        "--pgdata=" + unfinished,
                        "--username=" + SUPERUSER,
                        "--pwfile=" + folder.passwordFile(),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        // sorted alike on every machine, whatever its C library thinks of languages
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8"));
        if (code != 0) {
            throw refused("make its files");
        }
        // a kill halfway leaves no half database that a later start would take for a whole one
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private void stopLeftOver() throws IOException {
        Optional<Postmaster> leftOver = Postmaster.of(path);
        if (leftOver.isEmpty()) {
            return;
        }
        if (leftOver.get().runs()) {
            LOG.info("Stopping the PostgreSQL that a killed service left behind");
            if (!control("stop", "-m", "fast") && !control("stop", "-m", "immediate")) {
                throw refused("stop");
            }
        } else if (leftOver.get().isMistaken()) {
            leftOver.get().forget();
        }
    }

    private boolean control(String action, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(action, "-D", path.toString(), "-w", "-t", "60"));
        all.addAll(List.of(arguments));
        return programs.run(folder.log(), "pg_ctl", all) == 0;
    }

    private StartRefusedException refused(String what) {
        return new StartRefusedException(
                "The embedded PostgreSQL could not " + what + ".", folder.log() + " says why.");
    }

    private static String newPassword() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
