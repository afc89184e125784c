package dev.signet;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Signet {

    public static void main(String[] args) {
        SpringApplication.run(Signet.class, args);
    }
}
