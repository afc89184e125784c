package dev.signet;

import dev.signet.setup.Start;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.scheduling.annotation.EnableScheduling;

// no error page: the container's refusals become problems where they are noticed
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
@EnableScheduling
public class Signet {

    /** Runs the service, or the terminal command that the arguments name. */
    public static void main(String[] args) {
        Start.run(Signet.class, args);
    }
}
