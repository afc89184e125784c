package dev.signet.company;

import org.springframework.data.repository.CrudRepository;

interface CompanyRepository extends CrudRepository<CompanyEntity, String> {}
