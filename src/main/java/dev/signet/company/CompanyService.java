package dev.signet.company;

import java.time.Clock;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
public class CompanyService {

    private final CompanyRepository companies;
    private final Clock clock;

    CompanyService(CompanyRepository companies, Clock clock) {
        this.companies = companies;
        this.clock = clock;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public Company create(String displayName) {
        return companies.save(new CompanyEntity(displayName, clock.instant())).seen();
    }

    /** Whether this installation has been set up. */
    public boolean isAny() {
        return companies.count() > 0;
    }
}
