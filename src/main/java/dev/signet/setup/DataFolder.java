package dev.signet.setup;

import dev.signet.platform.StartRefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the embedded database and the generated key live. One process at a time owns it: a lock that ends with the
 * process, however it ends, so that nobody touches a database that somebody else runs.
 */
final class DataFolder implements AutoCloseable {

    private static final String CLUSTER = "postgresql-";

    private final Path path;
    private final FileChannel channel;
    private final boolean owned;

    private DataFolder(Path path, FileChannel channel, boolean owned) {
        this.path = path;
        this.channel = channel;
        this.owned = owned;
    }

    /** Takes the folder if nobody has it; {@link #owned} tells. */
    static DataFolder open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            OwnerOnly.createFolder(folder);
        }
        // the real path, so that the processes of our database are known again whichever way the folder is named
        Path path = folder.toRealPath();
        FileChannel channel =
                FileChannel.open(path.resolve("signet.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new DataFolder(path, channel, lock(channel));
    }

    boolean owned() {
        return owned;
    }

    Path keyFile() {
        return path.resolve("signet.key");
    }

    Path passwordFile() {
        return path.resolve("postgresql.password");
    }

    Path log() {
        return path.resolve("postgresql.log");
    }

    /** The folder of the database's files, named by PostgreSQL's major version because no other version can read them. */
    Path cluster(int majorVersion) throws IOException {
        Path cluster = path.resolve(CLUSTER + majorVersion);
        List<Path> found = clusters();
        if (!found.isEmpty() && !found.contains(cluster)) {
            throw new StartRefusedException(
                    "The data in " + found.getFirst()
                            + " were written by another version of PostgreSQL; this is version " + majorVersion + ".",
                    "Start the Signet that wrote them, or upgrade them with pg_upgrade into " + cluster
                            + ". To begin with an empty database, move the folder away.");
        }
        return cluster;
    }

    /** The database that somebody else runs here, if it has come far enough to have a port. */
    Optional<Postmaster> runningPostmaster() throws IOException {
        for (Path cluster : clusters()) {
            Optional<Postmaster> postmaster = Postmaster.of(cluster);
            if (postmaster.isPresent()) {
                return postmaster;
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private List<Path> clusters() throws IOException {
        try (Stream<Path> children = Files.list(path)) {
            return children.filter(child -> child.getFileName().toString().matches(CLUSTER + "\\d+"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // another part of this process has it
            return false;
        }
    }
}
