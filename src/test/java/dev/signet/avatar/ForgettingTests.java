package dev.signet.avatar;

import static dev.signet.avatar.Pictures.twoHalves;
import static dev.signet.avatar.Pictures.upload;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

class ForgettingTests {

    @Test
    void aNodeWhoseClockIsAheadKeepsAPictureThatWasJustUploaded() throws IOException {
        Answer made = upload(Tenant.create().bearer(), twoHalves("png", 20, 20)).expect(201);
        try (Node node = Node.apart(List.of(), Ahead.class)) {
            node.bean(AvatarService.class).forgetWhatNobodyShows();
        }
        Api.as(null).get(made.data("small")).expect(200);
    }

    @Configuration(proxyBeanMethods = false)
    static class Ahead {
        @Bean
        @Primary
        Clock ahead() {
            return Clock.offset(Clock.systemUTC(), Duration.ofDays(2));
        }
    }
}
