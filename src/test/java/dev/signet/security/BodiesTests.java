package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.platform.Input;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.security.Bodies.Reservation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What bodies may hold is shared out, so that no company and no kind of body takes all of it. */
class BodiesTests {

    private static final int MEGABYTE = 1024 * 1024;
    private static final int UPLOAD = Input.LARGEST_PICTURE + Input.LARGEST_JSON;

    private final Bodies bodies = new Bodies(64L * MEGABYTE);

    @Test
    void theAccountsOfACompanyTakeAQuarter() {
        List<Reservation> taken = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            taken.add(bodies.reserve("user " + i, "a", UPLOAD, 2 * MEGABYTE));
        }
        refuses("user 9", "a", UPLOAD, 2 * MEGABYTE);
        refuses("user 9", "a", Input.LARGEST_JSON, 1);
        bodies.reserve("other", "b", UPLOAD, 2 * MEGABYTE);
        taken.forEach(bodies::release);
        bodies.reserve("user 9", "a", UPLOAD, 2 * MEGABYTE);
    }

    @Test
    void uploadsTakeHalf() {
        for (int i = 0; i < 16; i++) {
            bodies.reserve("user " + i, "company " + i / 4, UPLOAD, 2 * MEGABYTE);
        }
        refuses("user", "a", UPLOAD, MEGABYTE);
        bodies.reserve("user", "a", Input.LARGEST_JSON, Input.LARGEST_JSON);
        bodies.reserve("2001:db8::/64", null, Input.LARGEST_SIGN_IN, Input.LARGEST_SIGN_IN);
    }

    @Test
    void allButSignInsLeaveAnEighth() {
        for (int i = 0; i < 56; i++) {
            bodies.reserve("user " + i, "company " + i / 4, Input.LARGEST_JSON, MEGABYTE);
        }
        refuses("user", "a", Input.LARGEST_JSON, 1);
        bodies.reserve("2001:db8::/64", null, Input.LARGEST_SIGN_IN, Input.LARGEST_SIGN_IN);
    }

    @Test
    void aSenderTakesAnEighthOrOneBody() {
        Reservation all = bodies.reserve("user", "a", UPLOAD, 16 * MEGABYTE);
        refuses("user", "a", Input.LARGEST_JSON, 1);
        bodies.release(all);
        assertThat(bodies.reserve("user", "a", UPLOAD, 8 * MEGABYTE).bytes()).isEqualTo(8 * MEGABYTE);
        refuses("user", "a", Input.LARGEST_JSON, 1);
    }

    private void refuses(String sender, @Nullable String company, int largest, long bytes) {
        assertThatThrownBy(() -> bodies.reserve(sender, company, largest, bytes))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem()).isEqualTo(Problem.OVERLOADED));
    }
}
