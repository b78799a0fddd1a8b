package io.twinberg.proxy.tls;

import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a listener, which follows its files. Connections that exist go on with what
 * they began with; files that cannot be used leave the old certificate in place. Contents are
 * compared, not times: what mounts secrets swaps links.
 */
public final class ReloadingTls extends AbstractLifeCycle {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);
  private static final long LOOK_SECONDS = 1;

  private final String section;
  private final TlsFiles files;
  private final Scheduler scheduler;
  private final SslContextFactory.Server factory = new SslContextFactory.Server();
  private PemText used;
  private @Nullable PemText refused;
  private boolean unreadable;
  private Scheduler.@Nullable Task next;

  /**
   * Reads the files.
   *
   * @param section the configuration's section that names them
   * @throws TlsException when they cannot be used
   */
  public ReloadingTls(String section, TlsFiles files, Scheduler scheduler) {
    this.section = section;
    this.files = files;
    this.scheduler = scheduler;
    this.used = PemText.read(files);
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    use(factory, PemKeyStore.of(files, used));
  }

  /** What the listener makes its connections with. */
  public SslContextFactory.Server factory() {
    return factory;
  }

  private static void use(SslContextFactory into, KeyStore store) {
    into.setKeyStore(store);
    into.setKeyStorePassword(PemKeyStore.PASSWORD);
    into.setKeyManagerPassword(PemKeyStore.PASSWORD);
  }

  @Override
  protected void doStart() {
    schedule();
  }

  @Override
  protected void doStop() {
    Scheduler.Task task = next;
    if (task != null) {
      task.cancel();
    }
  }

  private void schedule() {
    next = scheduler.schedule(this::look, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      PemText now = PemText.read(files);
      unreadable = false;
      boolean isNew = !now.isSame(used) && (refused == null || !now.isSame(refused));
      if (isNew) {
        replace(now);
      }
    } catch (TlsException e) {
      if (!unreadable) {
        LOG.warn("{}.tls keeps its certificate: {}", section, e.getMessage());
      }
      unreadable = true;
    } finally {
      if (isRunning()) {
        schedule();
      }
    }
  }

  /** The two files may change one after the other, so a pair that does not fit may yet do. */
  private void replace(PemText text) {
    try {
      KeyStore store = PemKeyStore.of(files, text);
      factory.reload(changed -> use(changed, store));
      used = text;
      refused = null;
      LOG.info("{}.tls has a new certificate from {}", section, files.certificate());
    } catch (Exception e) { // what reload declares
      refused = text;
      LOG.warn("{}.tls keeps its certificate: {}", section, e.getMessage());
    }
  }
}
