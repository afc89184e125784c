package dev.signet.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** An embedded database that lives as long as this JVM, and is quick because nobody will miss its data. */
public final class ThrowawayPostgres {

    private final EmbeddedDatabase database;

    private ThrowawayPostgres(EmbeddedDatabase database) {
        this.database = database;
    }

    public static ThrowawayPostgres start() {
        try {
            Path folder = Files.createTempDirectory("signet-test");
            EmbeddedDatabase database = EmbeddedDatabase.open(
                    folder, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(database, folder)));
            return new ThrowawayPostgres(database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String urlOf(String database) {
        return this.database.urlOf(database);
    }

    public String superuser() {
        return PostgresCluster.SUPERUSER;
    }

    public String password() {
        return database.superuserPassword();
    }

    private static void remove(EmbeddedDatabase database, Path folder) {
        try {
            database.close();
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
