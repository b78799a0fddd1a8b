package io.twinberg.storage;

/** One object of a listing: its full location and its length in bytes. */
public record StoredObject(String location, long length) {}
