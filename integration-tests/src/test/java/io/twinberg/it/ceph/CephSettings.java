package io.twinberg.it.ceph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The configuration of a cluster of one monitor, one store and one gateway, for this machine only:
 * objects are in memory, nobody is asked who he is, and all files are in one folder.
 */
record CephSettings(Path folder, UUID cluster, int monitorPort, int gatewayPort) {
  static final String FILE = "ceph.conf";
  static final String KEYRING = "keyring";

  private static final String TEXT =
      """
      [global]
      fsid = %1$s
      mon host = v1:127.0.0.1:%2$d
      public addr = 127.0.0.1
      cluster addr = 127.0.0.1
      ms bind msgr2 = false
      auth cluster required = none
      auth service required = none
      auth client required = none
      osd objectstore = memstore
      osd pool default size = 1
      osd pool default min size = 1
      osd pool default pg num = 1
      osd pool default pgp num = 1
      osd crush chooseleaf type = 0
      # The store would ask for its place before it knows the cluster, and end.
      osd class update on start = false
      osd crush update on start = false
      mon allow pool size one = true
      # The gateway makes a dozen pools at its first start, and would wait a second for each.
      paxos propose interval = 0.05
      paxos min wait = 0.01
      mon data = %4$s/mon
      osd data = %4$s/osd
      rgw data = %4$s/rgw
      run dir = %4$s
      crash dir = %4$s
      keyring = %4$s/%5$s
      log file = %4$s/$name.log
      mon cluster log file = %4$s/cluster.log
      pid file =
      admin socket =
      [client.rgw]
      rgw frontends = beast endpoint=127.0.0.1:%3$d
      """;

  /** The address of the monitor as its tools write it. */
  String monitor() {
    return "[v1:127.0.0.1:" + monitorPort + "]";
  }

  /** Writes the file and makes the folders that it names. */
  void write() {
    try {
      for (String name : new String[] {"mon", "osd", "rgw"}) {
        Files.createDirectories(folder.resolve(name));
      }
      String text = TEXT.formatted(cluster, monitorPort, gatewayPort, folder, KEYRING);
      Files.writeString(folder.resolve(FILE), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
