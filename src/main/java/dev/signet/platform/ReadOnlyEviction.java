package dev.signet.platform;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/** After a failover, open connections may lead to the former primary, which only reads: the next one finds the new primary. */
final class ReadOnlyEviction implements SQLExceptionOverride {

    private static final String READ_ONLY_TRANSACTION = "25006";

    @java.lang.Override // the interface has a type of that name
    public SQLExceptionOverride.Override adjudicate(SQLException failure) {
        return READ_ONLY_TRANSACTION.equals(failure.getSQLState())
                ? SQLExceptionOverride.Override.MUST_EVICT
                : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
}
