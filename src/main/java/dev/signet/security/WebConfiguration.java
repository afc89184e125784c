package dev.signet.security;

import dev.signet.access.Caller;
import dev.signet.platform.ObjectIdReading;
import dev.signet.platform.Problem;
import dev.signet.platform.Times;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.format.Formatter;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** How requests reach handlers: through the door, then strictly, with the caller and times in their types. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    private final Door door;
    private final Strictness strictness;
    private final LargeAnswers largeAnswers;

    WebConfiguration(Door door, Strictness strictness, LargeAnswers largeAnswers) {
        this.door = door;
        this.strictness = strictness;
        this.largeAnswers = largeAnswers;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(door);
        registry.addInterceptor(strictness);
        registry.addInterceptor(largeAnswers);
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerResolver());
        resolvers.add(new UploadResolver());
    }

    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
        configurer.strategies(List.of(new PlainJson()));
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addFormatterForFieldType(Instant.class, new TimeFormatter());
        registry.addConverter(ObjectIdReading.ofParameters());
    }

    @Bean
    Patience patience() {
        return Patience.standard();
    }

    /** The filter stands in Spring Security's chain; it must not stand in the container's besides. */
    @Bean
    FilterRegistrationBean<BearerFilter> onlyInTheChain(BearerFilter filter) {
        FilterRegistrationBean<BearerFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(false);
        return registration;
    }

    private static final class CallerResolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binderFactory) {
            Caller caller = Door.caller();
            if (caller == null) {
                throw Problem.UNAUTHENTICATED.with();
            }
            return caller;
        }
    }

    /**
     * An answer is application/json, whichever kinds of JSON its caller takes: one that lists application/problem+json
     * does not want a success to be called a problem.
     */
    private static final class PlainJson extends HeaderContentNegotiationStrategy {

        @Override
        public List<MediaType> resolveMediaTypes(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
            return super.resolveMediaTypes(request).stream()
                    .map(type -> "json".equals(type.getSubtypeSuffix())
                            ? new MediaType("application", "json", type.getQualityValue())
                            : type)
                    .toList();
        }
    }

    /** A time in ISO 8601, or a day, which stands for its beginning in UTC. */
    private static final class TimeFormatter implements Formatter<Instant> {

        @Override
        public Instant parse(String text, Locale locale) throws ParseException {
            try {
                return text.length() <= "2026-11-24".length()
                        ? Times.kept(LocalDate.parse(text)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant())
                        : Times.parse(text);
            } catch (DateTimeException e) {
                throw new ParseException(text, 0);
            }
        }

        @Override
        public String print(Instant time, Locale locale) {
            return time.toString();
        }
    }
}
