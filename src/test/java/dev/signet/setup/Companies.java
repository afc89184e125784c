package dev.signet.setup;

import dev.signet.Node;
import java.util.Objects;

/** Lets tests make companies the way the terminal command does. */
public final class Companies {

    private Companies() {}

    public static String create(Node node, String name, String adminEmail, String adminPassword) {
        return node.bean(CompanyCreation.class)
                .create(name, adminEmail, adminPassword)
                .company()
                .id();
    }

    /** A company whose administrator has a generated password, which this gives. */
    public static String create(Node node, String name, String adminEmail) {
        return Objects.requireNonNull(
                node.bean(CompanyCreation.class).create(name, adminEmail, null).generatedPassword());
    }
}
