package io.twinberg.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Has replicas checked and repaired. */
@Command(
    name = "resync",
    description = {
      "Repairs replicas: what their source has of what they show is made anew, whatever the ledger and earlier files say. Data",
      "files are copied where they are missing or have another length, manifests and lists are written again under new names.",
      "Says what was missing and copied; 'twinberg verify --rows' finds data files with other bytes of the same length."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg resync --table sales.orders --destination eu",
      "  twinberg resync --destination eu"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:they are repaired, or nothing was wrong",
      "1:a replica could not be repaired, or the operation was cancelled",
      "2:the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class ResyncCommand implements Callable<Integer> {
  @Mixin private TargetOption target = new TargetOption();

  @Mixin private WaitOption wait = new WaitOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return wait.run(spec, client -> client.ask("resync", target.target(), target.all()));
  }
}
