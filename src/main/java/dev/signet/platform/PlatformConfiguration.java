package dev.signet.platform;

import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.task.ThreadPoolTaskSchedulerBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.i18n.AcceptHeaderLocaleResolver;

@Configuration(proxyBeanMethods = false)
class PlatformConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger("dev.signet.tasks");

    /** More than there are tasks. They are virtual: a thread that waits costs next to nothing. */
    private static final int TASKS_AT_ONCE = 32;

    @Bean
    DatabaseTime databaseTime(JdbcClient jdbc) {
        return new DatabaseTime(jdbc, InstantSource.system(), System::nanoTime);
    }

    @Bean
    Clock clock(DatabaseTime time) {
        return time.withZone(ZoneOffset.UTC);
    }

    /** Spring Boot's scheduler of virtual threads would run all tasks on one thread, so that a slow one holds up the others. */
    @Bean
    ThreadPoolTaskScheduler taskScheduler(ThreadPoolTaskSchedulerBuilder builder) {
        ThreadPoolTaskScheduler scheduler =
                builder.poolSize(TASKS_AT_ONCE).threadNamePrefix("task-").build();
        scheduler.setVirtualThreads(true);
        scheduler.setErrorHandler(
                failure -> Failures.log(LOG, "A repeating task failed, and will be tried again", failure));
        return scheduler;
    }

    @Bean
    LocaleResolver localeResolver() {
        AcceptHeaderLocaleResolver locales = new AcceptHeaderLocaleResolver();
        locales.setSupportedLocales(List.of(Locale.ENGLISH, Locale.of("es")));
        locales.setDefaultLocale(Locale.ENGLISH);
        return locales;
    }
}
