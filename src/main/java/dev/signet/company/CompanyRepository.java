package dev.signet.company;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface CompanyRepository extends JpaRepository<CompanyEntity, String> {

    @Query(value = "select id from companies where id = :id for no key update", nativeQuery = true)
    String lock(String id);
}
