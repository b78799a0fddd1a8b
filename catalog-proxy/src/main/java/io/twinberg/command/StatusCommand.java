package io.twinberg.command;

@picocli.CommandLine.Command(name = "status")
final class StatusCommand {}
