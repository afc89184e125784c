package dev.signet.session;

import dev.signet.platform.Addresses;
import dev.signet.platform.CleanUp;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The networks that each user signed in from in the last 90 days. */
@Component
class SignInNetworks {

    private final JdbcClient jdbc;

    SignInNetworks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    boolean isKnown(String emailKey, String network) {
        return jdbc.sql("""
                        select exists(
                            select from signin_networks n join users u on u.id = n.user_id
                            where u.email_key = :emailKey and n.network = :network
                              and n.signed_in_at > now() - interval '90 days')
                        """)
                .param("emailKey", emailKey)
                .param("network", network)
                .query(Boolean.class)
                .single();
    }

    @Transactional(propagation = Propagation.MANDATORY)
    void add(String user, String address) {
        jdbc.sql("""
                        insert into signin_networks (user_id, network, signed_in_at) values (:user, :network, now())
                        on conflict (user_id, network) do update set signed_in_at = excluded.signed_in_at
                        """)
                .param("user", user)
                .param("network", Addresses.owned(address).getFirst())
                .update();
    }

    @Scheduled(fixedDelayString = "PT1H")
    void forgetOld() {
        CleanUp.delete(jdbc, "signin_networks", "signed_in_at < now() - interval '90 days'");
    }
}
