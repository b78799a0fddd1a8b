package io.twinberg.embedded;

import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.view.BaseViewOperations;
import org.apache.iceberg.view.ViewMetadata;
import org.jspecify.annotations.Nullable;

/** One view: loads the current metadata, and commits by writing a file and moving the pointer. */
final class EmbeddedViewOperations extends BaseViewOperations {
  private static final int READ_RETRIES = 2;

  private final TableIdentifier view;
  private final Pointers pointers;
  private final FileIO io;
  private final LocationCheck locations;

  EmbeddedViewOperations(
      TableIdentifier view, Pointers pointers, FileIO io, LocationCheck locations) {
    this.view = view;
    this.pointers = pointers;
    this.io = io;
    this.locations = locations;
  }

  @Override
  protected void doRefresh() {
    Optional<String> location = pointers.location(EntryKind.VIEW, view);
    if (location.isPresent()) {
      refreshFromMetadataLocation(location.get(), null, READ_RETRIES);
    } else if (currentMetadataLocation() != null) {
      throw new NoSuchViewException("View was dropped concurrently: %s", view);
    } else {
      disableRefresh();
    }
  }

  @Override
  protected void doCommit(@Nullable ViewMetadata base, ViewMetadata metadata) {
    check(base, metadata);
    String after = MetadataWrite.of(view, () -> writeNewMetadataIfRequired(metadata));
    Optional<String> before = Optional.ofNullable(base).map(ViewMetadata::metadataFileLocation);
    try {
      pointers.apply(List.of(new PointerChange(EntryKind.VIEW, view, before, after)));
    } catch (CommitStateUnknownException e) {
      throw e; // the file may be current
    } catch (RuntimeException e) {
      if (!after.equals(metadata.metadataFileLocation())) {
        Leftovers.remove(io, after);
      }
      throw e;
    }
  }

  private void check(@Nullable ViewMetadata base, ViewMetadata metadata) {
    locations.view(base, metadata);
    if (base == null) {
      StoredNames.require(view);
      if (pointers.location(EntryKind.TABLE, view).isPresent()) {
        throw new AlreadyExistsException("Table with same name already exists: %s", view);
      }
    }
  }

  @Override
  protected FileIO io() {
    return io;
  }

  @Override
  protected String viewName() {
    return view.toString();
  }
}
