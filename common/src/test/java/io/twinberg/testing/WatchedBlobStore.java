package io.twinberg.testing;

import io.twinberg.testing.S3Requests.Kind;
import java.io.InputStream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Passes every request by the counter and the refusals of {@link S3Requests}. */
final class WatchedBlobStore extends ForwardingBlobStore {
  private final S3Requests requests;

  WatchedBlobStore(BlobStore delegate, S3Requests requests) {
    super(delegate);
    this.requests = requests;
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    return requests.pass(Kind.GET, request, super::getBlob);
  }

  @Override
  public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    return requests.pass(Kind.HEAD, request, super::blobMetadata);
  }

  /** Look-ups of the server's own, on the way to another request; not counted. */
  @Override
  public HeadObjectResponse blobMetadata(String container, String name) {
    return delegate().blobMetadata(container, name);
  }

  @Override
  public HeadObjectResponse blobMetadataIfPresent(HeadObjectRequest request) {
    return delegate().blobMetadataIfPresent(request);
  }

  @Override
  public HeadObjectResponse blobMetadataIfPresent(String container, String name) {
    return delegate().blobMetadataIfPresent(container, name);
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
    return requests.pass(Kind.PUT, request, put -> super.putBlob(put, body));
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    return requests.pass(Kind.COPY, request, super::copyBlob);
  }

  @Override
  public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
    return requests.pass(Kind.DELETE, request, super::removeBlob);
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    return requests.pass(Kind.LIST, request, super::list);
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    return requests.pass(Kind.START_UPLOAD, request, super::initiateMultipartUpload);
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream body) {
    return requests.pass(
        Kind.PUT_PART, request, part -> super.uploadMultipartPart(upload, part, body));
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    return requests.pass(
        Kind.COMPLETE_UPLOAD, request, done -> super.completeMultipartUpload(upload, done));
  }

  @Override
  public void abortMultipartUpload(MultipartUpload upload) {
    requests.pass(
        Kind.ABORT_UPLOAD,
        upload,
        gone -> {
          super.abortMultipartUpload(gone);
          return gone;
        });
  }
}
