package dev.signet.company;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface CompanyRepository extends JpaRepository<CompanyEntity, String> {

    /** Not the strongest lock: rows that refer to the company may be written meanwhile. */
    @Query(value = "select id from companies where id = :id for no key update", nativeQuery = true)
    String lock(String id);
}
