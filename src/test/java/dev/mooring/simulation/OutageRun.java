package dev.mooring.simulation;

import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.simulation.OutageStep.Severity;
import dev.mooring.simulation.PossibleNames.Dir;
import dev.mooring.simulation.PossibleNames.Link;
import dev.mooring.testing.Bytes;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Takes steps and checks what comes of them. */
final class OutageRun {
  private final OutageStage stage;
  private final OutageJudge judge;
  private final OutageObserver observer;
  private final OutageNames names;
  private final OutageFiles files;

  OutageRun(OutageStage stage, Severity severity) {
    this.stage = stage;
    judge = new OutageJudge(stage, severity);
    observer = new OutageObserver(judge);
    names = new OutageNames(judge);
    files = new OutageFiles(judge, observer);
  }

  void take(OutageStep step) throws Exception {
    stage.meetWith(step.fault(), step.nth());
    if (step.fault() != null) {
      files.hurtAll();
    }
    observer.begin();
    String name = step.name();
    switch (step.verb()) {
      case CREATE -> files.create(step, OpenFlags.READ_WRITE);
      case CREATE_EXCLUSIVE -> files.create(step, OpenFlags.READ_WRITE.excluding());
      case OPEN -> files.open(step, OpenFlags.READ_WRITE);
      case OPEN_APPENDING -> files.open(step, OpenFlags.READ_WRITE.appending());
      case WRITE -> files.write(step);
      case READ -> files.read(step);
      case FSYNC -> files.fsync(step);
      case CLOSE -> files.close(step.slot());
      case TRUNCATE -> files.truncate(step);
      case UNLINK -> names.remove(name, () -> stage.unlink(name), thing -> !(thing instanceof Dir));
      case RMDIR -> names.remove(name, () -> stage.rmdir(name), thing -> thing instanceof Dir);
      case RENAME -> names.rename(step);
      case MKDIR -> names.make(name, new Dir(), () -> stage.mkdir(name));
      case SYMLINK -> names.make(name, new Link(), () -> stage.symlink(name));
      case LIST -> names.list();
      case STAT -> names.stat(name);
      case SLEEP -> stage.pace.sleep(Duration.ofMillis(step.at()));
      case OUTAGE -> {
        stage.goDown(Duration.ofMillis(step.at()));
        files.hurtAll();
      }
    }
    if (step.fault() != null) {
      // It may have come after the step had opened one more.
      files.hurtAll();
    }
    judge.nothingIsOverdue();
    observer.observe();
  }

  /** Everything is mended: nothing fails any more, nothing is lost, nothing is left. */
  void end() throws Exception {
    stage.meetWith(null, 0);
    stage.pace.sleep(OutageJudge.AFTERMATH.plus(OutageJudge.AFTERMATH));
    files.closeAll();
    stage.pace.sleep(Duration.ofSeconds(10));
    observer.observe();
    readBack();
    OpenFile healed = stage.create("healed", OpenFlags.READ_WRITE);
    healed.write(0, Bytes.payload(new byte[] {1, 2, 3}), stage.caller());
    healed.fsync(false, stage.caller());
    healed.release();
    stage.unlink("healed");
    stage.pace.sleep(Duration.ofSeconds(1));
    nothingIsLeft();
  }

  private void readBack() throws ErrnoException {
    for (OutageStage.OnServer there : stage.tree()) {
      Node node = stage.find(there.name());
      if (node == null) {
        throw new AssertionError(there.name() + " is on the server and not found");
      }
      if (there.type() == FileType.REGULAR) {
        OpenFile file = stage.open(node, OpenFlags.READ);
        byte[] read = Bytes.read(file, 0, there.content().limit() + 1, stage.caller());
        if (!there.content().equals(ByteBuffer.wrap(read))) {
          throw new AssertionError(there.name() + " is not read as it is on the server");
        }
        file.release();
      }
      stage.forget(node);
    }
  }

  private void nothingIsLeft() {
    if (stage.openHandles() != 0 || stage.unwritten() != 0 || stage.references() != 0) {
      throw new AssertionError(
          "left: %d handles on the server, %d bytes unwritten, %d references"
              .formatted(stage.openHandles(), stage.unwritten(), stage.references()));
    }
  }
}
