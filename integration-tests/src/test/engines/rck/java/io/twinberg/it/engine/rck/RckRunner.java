package io.twinberg.it.engine.rck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs classes of Iceberg's REST compatibility kit for a test in another JVM.
 *
 * <p>One line of JSON in, {@code {"classes": [names]}}; one line out, {@code {"tests": [{test,
 * status, message}]}}. The kit reads where its catalog is from this JVM's system properties.
 */
public final class RckRunner {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RckRunner() {}

  /** Runs what each line asks for, until the input ends. */
  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.println(JSON.writeValueAsString(run(JSON.readTree(line).get("classes"))));
      answers.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  private static TestResults run(JsonNode classes) {
    List<DiscoverySelector> selectors = new ArrayList<>();
    classes.forEach(name -> selectors.add(selectClass(name.asText())));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectors)
            .configurationParameter("rck.local", "false") // the catalog is somebody else's
            .build();
    Launcher launcher = LauncherFactory.create();
    ResultListener listener = new ResultListener();
    launcher.execute(request, listener);
    return listener.results();
  }
}
