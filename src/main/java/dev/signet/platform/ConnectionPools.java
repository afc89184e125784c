package dev.signet.platform;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Gives transactions that may write a second pool of connections, with the settings of the first. Writers may wait seconds for
 * a row that another node holds; they must not take the connections by which reads are served and bearer tokens verified.
 */
@Component
class ConnectionPools implements BeanPostProcessor, TransactionExecutionListener, MeterBinder, DisposableBean, Ordered {

    private final ThreadLocal<Boolean> beginsToWrite = ThreadLocal.withInitial(() -> false);
    private final List<HikariDataSource> writers = new ArrayList<>();

    /** Before others, so that what they wrap is both pools. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof HikariDataSource readers ? new Pools(readers, writersLike(readers)) : bean;
    }

    @Override
    public void beforeBegin(TransactionExecution transaction) {
        beginsToWrite.set(!transaction.isReadOnly());
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        beginsToWrite.remove();
    }

    /**
     * Measures the writers: Spring Boot measures the pool that is a bean, the readers. They are no bean, because readiness
     * would look at each one, and take away a node that serves reads while its writers wait.
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        writers.forEach(pool -> pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry)));
    }

    @Override
    public void destroy() {
        writers.forEach(HikariDataSource::close);
    }

    private HikariDataSource writersLike(HikariDataSource readers) {
        readers.setExceptionOverride(new ReadOnlyEviction());
        HikariDataSource pool = new HikariDataSource();
        readers.copyStateTo(pool);
        readers.setPoolName("readers");
        pool.setPoolName("writers");
        writers.add(pool);
        return pool;
    }

    private final class Pools extends DelegatingDataSource {

        private final HikariDataSource forWriting;

        Pools(HikariDataSource readers, HikariDataSource forWriting) {
            super(readers);
            this.forWriting = forWriting;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return beginsToWrite.get() ? forWriting.getConnection() : super.getConnection();
        }
    }
}
