package dev.signet.setup;

import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;

/** Runs the service or, where the first argument is one, a terminal command beside it. */
public final class Start {

    private Start() {}

    public static void run(Class<?> application, String... args) {
        SpringApplication spring = new SpringApplication(application);
        spring.setBannerMode(Banner.Mode.OFF);
        if (args.length > 0 && !args[0].startsWith("-")) {
            Command command = Command.of(args[0]).orElse(Command.HELP);
            if (command == Command.HELP) {
                boolean known = args[0].equals(command.word());
                Terminal.print((known ? "" : "Unknown command: " + args[0] + "\n\n") + Command.USAGE);
                System.exit(known ? 0 : 1);
            }
            // the same beans on the same database, but no port is opened and only warnings are told
            String[] all = Stream.concat(
                            Arrays.stream(args),
                            Stream.of(
                                    "--signet.command=" + command.word(),
                                    "--server.port=-1",
                                    "--logging.level.root=warn"))
                    .toArray(String[]::new);
            System.exit(SpringApplication.exit(spring.run(all)));
        }
        spring.run(args);
    }
}
