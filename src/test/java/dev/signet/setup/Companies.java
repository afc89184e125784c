package dev.signet.setup;

import dev.signet.Node;

/** Lets tests make companies the way the terminal command does. */
public final class Companies {

    private Companies() {}

    public static String create(Node node, String name, String adminEmail, String adminPassword) {
        return node.bean(CompanyCreation.class)
                .create(name, adminEmail, adminPassword)
                .company()
                .id();
    }
}
