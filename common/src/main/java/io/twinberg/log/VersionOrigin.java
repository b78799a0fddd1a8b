package io.twinberg.log;

/** How the log learnt of a table version. */
public enum VersionOrigin {
  /** It was committed through the proxy. */
  PROXY,
  /** It was committed past the proxy and found in the source's chain. */
  BYPASS,
  /** It was the table's version when the table was first seen. */
  DISCOVERED
}
