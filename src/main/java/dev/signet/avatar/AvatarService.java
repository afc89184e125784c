package dev.signet.avatar;

import dev.signet.platform.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
public class AvatarService {

    private final JdbcClient jdbc;

    AvatarService(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Refuses an id that is not the company's: 400 at {@code avatar}, the same for another company's and for none. */
    public void requireKnown(String company, @Nullable String id) {
        if (id != null
                && !jdbc.sql("select exists (select from avatars where company_id = :company and id = :id)")
                        .param("company", company)
                        .param("id", id)
                        .query(Boolean.class)
                        .single()) {
            throw ProblemException.invalid("avatar", "unknown_id");
        }
    }
}
