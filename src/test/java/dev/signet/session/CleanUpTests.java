package dev.signet.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Statements;
import dev.signet.Tables;
import dev.signet.platform.CleanUp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class CleanUpTests {

    @Test
    void manyRowsAreDeletedInPortions() {
        // paid off in an hour: no node deletes them by itself meanwhile
        Tables.update("insert into signin_throttles select 'many ' || n, now() + interval '1 hour'"
                + " from generate_series(1, 2500) as n");
        try (Node node = Node.apart(List.of(), Statements.class)) {
            Statements statements = node.bean(Statements.class);
            CleanUp.delete(node.bean(JdbcClient.class), "signin_throttles", "key like 'many %'");

            assertThat(statements.take())
                    .filteredOn(sql -> sql.contains("key like 'many %'"))
                    .hasSize(3);
            assertThat(keys("many %")).isEmpty();
        } finally {
            Tables.update("delete from signin_throttles where key like 'many %'");
        }
    }

    @Test
    void whatIsPaidOffIsForgotten() {
        Tables.update("insert into signin_throttles values ('paid off', now() - interval '1 hour')");
        Tables.update("insert into signin_throttles values ('needed', now() + interval '1 hour')");
        try {
            Node.one().bean(Throttle.class).forgetWhatIsPaidOff();
            assertThat(keys("paid off")).isEmpty();
            assertThat(keys("needed")).hasSize(1);
        } finally {
            Tables.update("delete from signin_throttles where key = 'needed'");
        }
    }

    private static List<String> keys(String pattern) {
        return Tables.texts("select key from signin_throttles where key like ?", pattern);
    }
}
