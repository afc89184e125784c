package dev.signet;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Sees every SQL statement of the service that it is given to. */
@Configuration(proxyBeanMethods = false)
public class Statements implements BeanPostProcessor {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    /** What the service has asked the database since this was last asked. */
    public List<String> take() {
        List<String> taken = new ArrayList<>(seen);
        seen.clear();
        return taken;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source ? new Watched(source) : bean;
    }

    private final class Watched extends DelegatingDataSource {

        Watched(DataSource source) {
            super(source);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().startsWith("prepare")) {
                            seen.add(String.valueOf(arguments[0]));
                        } else if (method.getName().equals("createStatement")) {
                            seen.add("a statement");
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
