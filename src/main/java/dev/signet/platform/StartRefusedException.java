package dev.signet.platform;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The service cannot start as it is configured. Two sentences for the operator: what is wrong, and what to do. */
public final class StartRefusedException extends RuntimeException {

    private final String action;

    public StartRefusedException(String wrong, String action) {
        super(wrong);
        this.action = action;
    }

    public String action() {
        return action;
    }

    static class Analyzer extends AbstractFailureAnalyzer<StartRefusedException> {
        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, StartRefusedException cause) {
            return new FailureAnalysis(cause.getMessage(), cause.action, cause);
        }
    }
}
