package dev.signet.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Statements;
import dev.signet.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;

class CleanUpTests {

    @Test
    void manyRowsAreDeletedInPortions() {
        Tables.update("insert into signin_throttles select 'old ' || n, now() - interval '1 hour'"
                + " from generate_series(1, 2500) as n");
        Tables.update("insert into signin_throttles values ('needed', now() + interval '1 hour')");
        try (Node node = Node.apart(List.of(), Statements.class)) {
            Statements statements = node.bean(Statements.class);
            statements.take();
            node.bean(Throttle.class).forgetWhatIsPaidOff();

            assertThat(Tables.texts("select key from signin_throttles where key like 'old %'"))
                    .isEmpty();
            assertThat(Tables.texts("select key from signin_throttles where key = 'needed'"))
                    .hasSize(1);
        } finally {
            Tables.update("delete from signin_throttles where key = 'needed'");
        }
    }
}
