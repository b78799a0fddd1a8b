package io.twinberg.replicator.rewrite;

/** Sees every entry of a manifest, in file order, while it is transcoded. */
@FunctionalInterface
public interface EntryVisitor {

  /** Called once per entry, after its path was mapped; what it throws ends the transcoding. */
  void visit(ManifestEntry source, String targetPath);
}
