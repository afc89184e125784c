package dev.signet.security;

import dev.signet.platform.Input;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Upload;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Objects;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Reads a form with one file. Spring's and Tomcat's own support is switched off: it would read the form of any request, from
 * anybody, as soon as something asks for a parameter.
 */
final class UploadResolver implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Upload.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binderFactory) {
        return new Upload(file(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class))));
    }

    private static byte[] file(HttpServletRequest request) {
        try {
            FileItemIterator parts = new FileUpload().getItemIterator(new ServletRequestContext(request));
            if (!parts.hasNext()) {
                throw ProblemException.invalid("file", "one_file");
            }
            FileItemStream part = parts.next();
            byte[] file = part.openStream().readNBytes(Input.LARGEST_PICTURE + 1);
            if (file.length > Input.LARGEST_PICTURE) {
                throw ProblemException.tooLarge(Input.LARGEST_PICTURE);
            }
            if (part.isFormField() || parts.hasNext()) {
                throw ProblemException.invalid("file", "one_file");
            }
            return file;
        } catch (IOException malformed) {
            throw ProblemException.invalid("", "multipart");
        }
    }
}
