package io.twinberg.config;

import io.twinberg.config.yaml.ListType;
import io.twinberg.config.yaml.References;
import io.twinberg.config.yaml.ScalarType;
import io.twinberg.config.yaml.Words;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kinds of values that keys hold. */
final class Types {
  private static final int MAX_PORT = 65_535;
  private static final Pattern NAME_FORM = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final Pattern HOST_FORM = Pattern.compile("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f:.]+]?");
  private static final Pattern PASSWORD_IN_URL = Pattern.compile("(?i)[?&;]password=");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  static final ScalarType<String> TEXT = ScalarType.of("text", Types::filled, text -> text);
  static final ScalarType<String> NAME = ScalarType.of("name", Types::name, text -> text);
  static final ScalarType<String> HOST = ScalarType.of("host", Types::host, text -> text);
  static final ScalarType<Integer> PORT = ScalarType.of("port", Types::port, port -> port);
  static final ScalarType<Integer> COUNT = ScalarType.of("number", Types::count, count -> count);
  static final ScalarType<Integer> PRIORITY =
      ScalarType.of("priority", Types::priority, priority -> priority);
  static final ScalarType<Boolean> SWITCH = ScalarType.of("true or false", Types::choose, on -> on);
  static final ScalarType<Duration> DURATION =
      ScalarType.of("duration", Durations::parse, Durations::format);
  static final ScalarType<DataSize> SIZE = ScalarType.of("size", DataSize::parse, DataSize::format);
  static final ScalarType<DataSize> RULE_BANDWIDTH =
      ScalarType.of(
          "size", text -> RuleOverrides.requireEnough(DataSize.parse(text)), DataSize::format);
  static final ScalarType<URI> HTTP_URI =
      ScalarType.of("URI", Types::uri, URI::toString).unquoted();
  static final ScalarType<String> JDBC_URL =
      ScalarType.of("JDBC URL", Types::jdbc, text -> text).unquoted();
  static final ScalarType<Secret> SECRET =
      ScalarType.of("secret", Types::secret, Secret::toString).unquoted();
  static final ScalarType<Secret> SETTING =
      ScalarType.of("text", Secret::of, Secret::toString).unquoted();
  static final ScalarType<Path> FOLDER =
      new ScalarType<>("folder", Types::folder, Path::toString, true);
  static final ScalarType<Path> FILE =
      new ScalarType<>("file", Types::folder, Path::toString, true);
  static final ScalarType<String> LOCATION =
      new ScalarType<>("location", Locations::parse, it -> it, true);
  static final ListType<String> LOCATIONS = ListType.of(LOCATION);

  private Types() {}

  /** One of an enum's constants, written in lower case with hyphens. */
  static <E extends Enum<E>> ScalarType<E> choice(Class<E> kind) {
    List<E> choices = List.of(kind.getEnumConstants());
    String title = Words.or(choices.stream().map(Types::word).toList());
    return ScalarType.of(
        title,
        text ->
            choices.stream()
                .filter(choice -> word(choice).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be " + title)),
        Types::word);
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static boolean isName(String text) {
    return NAME_FORM.matcher(text).matches();
  }

  private static String filled(String text) {
    return checked(!text.isBlank(), text, "must not be blank");
  }

  private static String name(String text) {
    return checked(isName(text), text, "must be a name of a-z, 0-9 and hyphens");
  }

  private static String host(String text) {
    return checked(
        HOST_FORM.matcher(text).matches(), text, "must be a host name or address without port");
  }

  private static int port(String text) {
    boolean sound = NUMBER.matcher(text).matches() && Integer.parseInt(text) <= MAX_PORT;
    return Integer.parseInt(checked(sound, text, "must be a port from 0 (any free one) to 65535"));
  }

  private static int count(String text) {
    boolean sound = NUMBER.matcher(text).matches() && Integer.parseInt(text) > 0;
    return Integer.parseInt(checked(sound, text, "must be a whole number from 1 to 999999999"));
  }

  private static int priority(String text) {
    boolean sound = text.length() == 1 && NUMBER.matcher(text).matches();
    return Integer.parseInt(checked(sound, text, "must be a priority from 0 to 9"));
  }

  private static boolean choose(String text) {
    boolean sound = text.equals("true") || text.equals("false");
    return Boolean.parseBoolean(checked(sound, text, "must be true or false"));
  }

  private static URI uri(String text) {
    String form = "must be an http or https URI without user, password and query";
    try {
      URI uri = new URI(text);
      boolean http = Stream.of("http", "https").anyMatch(scheme -> scheme.equals(uri.getScheme()));
      boolean plain =
          uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null;
      checked(http && plain && uri.getRawFragment() == null, text, form);
      return uri;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(form, e);
    }
  }

  private static String jdbc(String text) {
    boolean known = text.startsWith("jdbc:postgresql:");
    checked(
        known, text, "must start with jdbc:postgresql:; for H2 in data-dir leave 'database' out");
    boolean open = PASSWORD_IN_URL.matcher(text).find();
    return checked(!open, text, "must not hold the password; write it as database.password");
  }

  private static Secret secret(String text) {
    return Secret.of(checked(!text.isEmpty(), text, "must not be empty"));
  }

  private static Path folder(String text, References references) {
    return references.path(filled(text));
  }

  private static String checked(boolean sound, String text, String otherwise) {
    if (!sound) {
      throw new IllegalArgumentException(otherwise);
    }
    return text;
  }
}
