package dev.signet.token;

import dev.signet.platform.ProblemException;

/** The right secret of an API token that is not good any more. Somebody still uses it, which belongs in the log. */
public final class DeadSecretException extends RuntimeException {

    private final transient ProblemException refusal;
    private final String company;
    private final String user;
    private final String token;
    private final String reason;

    DeadSecretException(String company, String user, String token, String reason, ProblemException refusal) {
        // a refusal is an answer, not a fault: nobody reads its stack trace
        super(reason, refusal, false, false);
        this.refusal = refusal;
        this.company = company;
        this.user = user;
        this.token = token;
        this.reason = reason;
    }

    /** How the request is answered. */
    public ProblemException refusal() {
        return refusal;
    }

    public String company() {
        return company;
    }

    /** The bot user of the token. */
    public String user() {
        return user;
    }

    public String token() {
        return token;
    }

    /** A stable word for why it is dead. The answer may say less. */
    public String reason() {
        return reason;
    }
}
