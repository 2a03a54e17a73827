package dev.mooring.fs;

/** What {@link FileSystem#create} made: an entry, which counts one reference, and the open file. */
public record Created(Entry.Present entry, OpenFile file) {}
