package io.twinberg.proxy.embedded;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.rest.RESTSerializers;

/** Bodies in the form of Iceberg's own REST client. */
final class RestJson {
  /** A small compressed body must not grow without bound. */
  private static final int LARGEST_INFLATED_BYTES = 256 << 20;

  private static final ObjectMapper MAPPER = mapper();

  private RestJson() {}

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);
    mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    mapper.setPropertyNamingStrategy(new PropertyNamingStrategies.KebabCaseStrategy());
    RESTSerializers.registerAll(mapper);
    return mapper;
  }

  static <T> T read(CatalogCall call, Class<T> type) {
    try {
      T body = MAPPER.readValue(inflated(call), type);
      if (body == null) {
        throw new BadRequestException("The body is empty");
      }
      return body;
    } catch (JsonMappingException e) {
      // Iceberg's parsers say what is wrong in the cause, as IllegalArgumentException.
      throw new BadRequestException(
          e,
          "Cannot read the body: %s",
          e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage());
    } catch (JsonProcessingException e) {
      throw new BadRequestException(e, "Cannot read the body: %s", e.getOriginalMessage());
    } catch (IOException e) {
      throw new BadRequestException(e, "Cannot read the body: it broke off or is not as declared");
    }
  }

  private static InputStream inflated(CatalogCall call) throws IOException {
    if (!call.header("Content-Encoding").orElse("").equalsIgnoreCase("gzip")) {
      return call.body();
    }
    return new BoundedInput(new GZIPInputStream(call.body()), LARGEST_INFLATED_BYTES);
  }

  static CatalogAnswer answer(int status, Object body) {
    try {
      return CatalogAnswer.json(status, MAPPER.writeValueAsBytes(body));
    } catch (IOException e) {
      throw new UncheckedIOException("an answer cannot be written as JSON", e);
    }
  }
}
