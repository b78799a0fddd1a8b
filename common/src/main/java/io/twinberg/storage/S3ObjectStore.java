package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects in an S3 service. */
public final class S3ObjectStore implements ObjectStore {
  private final S3Client client;
  private final S3Limits limits;
  private final CopyDomain domain;
  private final S3Digest digest;

  /** Without being asked, a store does not tell the checksum of what it sends. */
  private final @Nullable ChecksumMode checksumMode;

  S3ObjectStore(S3Client client, S3Settings settings, S3Limits limits) {
    this.client = client;
    this.limits = limits;
    this.domain = settings.copyDomain();
    this.digest = settings.sdkChecksums() ? S3Digest.LEFT_TO_SDK : S3Digest.MD5;
    this.checksumMode = settings.sdkChecksums() ? ChecksumMode.ENABLED : null;
  }

  /** A store with the credentials and the endpoint of Iceberg's properties. */
  public static S3ObjectStore from(Map<String, String> properties, S3Limits limits) {
    return from(properties, limits, List.of());
  }

  /** A store whose requests can be watched, which tests use to count round trips. */
  static S3ObjectStore from(
      Map<String, String> properties, S3Limits limits, List<ExecutionInterceptor> watchers) {
    return usable(
        () -> {
          S3Settings settings = new S3Settings(properties);
          return new S3ObjectStore(settings.client(limits, watchers), settings, limits);
        });
  }

  /** Turns settings that cannot be used into the failure of a store. */
  static S3ObjectStore usable(Supplier<S3ObjectStore> store) {
    try {
      return store.get();
    } catch (IllegalArgumentException | SdkException e) {
      throw new StoreException(
          Kind.INVALID, "s3://", "The S3 storage settings are not usable: " + e.getMessage(), e);
    }
  }

  @Override
  public InputStream open(String location) {
    S3Location object = S3Location.ofObject(location);
    return read(location, get -> at(object, get).checksumMode(checksumMode));
  }

  @Override
  public InputStream open(String location, long offset) {
    if (offset == 0) {
      return open(location);
    }
    S3Location object = S3Location.ofObject(location);
    return read(location, get -> at(object, get).range("bytes=" + offset + "-"));
  }

  private static GetObjectRequest.Builder at(S3Location object, GetObjectRequest.Builder get) {
    return get.bucket(object.bucket()).key(object.key());
  }

  private InputStream read(String location, Consumer<GetObjectRequest.Builder> request) {
    return new RepeatedInput(
        location,
        () ->
            S3Errors.calling(
                "read", location, () -> new S3Input(location, client.getObject(request))));
  }

  @Override
  public OptionalLong length(String location) {
    S3Location object = S3Location.ofObject(location);
    try {
      return OptionalLong.of(
          client
              .headObject(head -> head.bucket(object.bucket()).key(object.key()))
              .contentLength());
    } catch (S3Exception e) {
      if (e.statusCode() != 404) {
        throw S3Errors.translate("inspect", location, e);
      }
      requireBucket(object);
      return OptionalLong.empty();
    } catch (SdkException | IllegalArgumentException e) {
      throw S3Errors.translate("inspect", location, e);
    }
  }

  @Override
  public void put(String location, byte[] bytes) {
    put(location, bytes, bytes.length);
  }

  @Override
  public StoreOutput create(String location) {
    return new S3Output(this, client, location, limits.partSize(), digest);
  }

  @Override
  public void delete(String location, Deadline deadline) {
    S3Location object = S3Location.ofObject(location);
    S3Errors.calling(
        "delete",
        location,
        () ->
            client.deleteObject(
                delete ->
                    delete
                        .bucket(object.bucket())
                        .key(object.key())
                        .overrideConfiguration(SentInTime.until(deadline, location))));
  }

  @Override
  public List<String> folders(String folder) {
    S3Location parent = S3Location.ofFolder(folder);
    return S3Errors.calling(
        "list",
        folder,
        () ->
            pages(parent, "/")
                .flatMap(page -> page.commonPrefixes().stream())
                .map(CommonPrefix::prefix)
                .map(parent::at)
                .toList());
  }

  @Override
  public List<StoredObject> list(String folder) {
    S3Location parent = S3Location.ofFolder(folder);
    return S3Errors.calling(
        "list",
        folder,
        () ->
            pages(parent, null)
                .flatMap(page -> page.contents().stream())
                .map(object -> new StoredObject(parent.at(object.key()), object.size()))
                .toList());
  }

  @Override
  public void list(String folder, Consumer<StoredObject> each) {
    S3Location parent = S3Location.ofFolder(folder);
    S3Errors.calling(
        "list",
        folder,
        () -> {
          pages(parent, null)
              .flatMap(page -> page.contents().stream())
              .map(object -> new StoredObject(parent.at(object.key()), object.size()))
              .forEach(each);
          return folder;
        });
  }

  @Override
  public CopyDomain copyDomain(String location) {
    return domain;
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    new S3Copy(client, limits, S3Location.ofObject(source), S3Location.ofObject(target))
        .run(expectedLength);
  }

  @Override
  public void close() {
    client.close();
  }

  /** One PUT of the first bytes of an array, without a copy of them. */
  void put(String location, byte[] bytes, int length) {
    S3Location object = S3Location.ofObject(location);
    S3Errors.calling(
        "write",
        location,
        () ->
            client.putObject(
                put ->
                    put.bucket(object.bucket())
                        .key(object.key())
                        .contentMD5(digest.of(bytes, length)),
                body(bytes, length)));
  }

  static RequestBody body(byte[] bytes, int length) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
  }

  private Stream<ListObjectsV2Response> pages(S3Location parent, @Nullable String delimiter) {
    return client
        .listObjectsV2Paginator(
            list ->
                list.bucket(parent.bucket())
                    .prefix(parent.key())
                    .delimiter(delimiter)
                    .maxKeys(limits.pageSize()))
        .stream();
  }

  /**
   * Tells a missing bucket from a missing object: the answer to a HEAD has no body that would. A
   * bucket that may not be looked at does exist.
   */
  private void requireBucket(S3Location object) {
    try {
      client.headBucket(head -> head.bucket(object.bucket()));
    } catch (SdkException e) {
      if (S3Errors.status(e) == 404) {
        throw S3Errors.noSuchBucket("inspect", object.toString(), e);
      }
      if (S3Errors.status(e) != 403) {
        throw S3Errors.translate("inspect", object.toString(), e);
      }
    }
  }
}
