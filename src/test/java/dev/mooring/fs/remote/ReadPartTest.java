package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.NativeMemory;
import dev.mooring.sftp.OpenMode;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpChannel;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.testing.InMemorySftpServer;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.ServerDialect;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadPartTest {
  private final LockStepPace pace = new LockStepPace();
  private final InMemorySftpServer server =
      new InMemorySftpServer(new ReferenceFileSystem(pace), ServerDialect.OPENSSH, pace.network());

  @Test
  void aPartThatNobodyWantsAnyMoreKeepsItsBufferUntilTheLastReply() throws Exception {
    pace.run(() -> {
      SftpChannel channel =
          pace.get(SftpChannel.open(server.open(), pace, SftpSettings.DEFAULT, 1));
      int mode = OpenMode.READ | OpenMode.WRITE | OpenMode.CREATE;
      RemoteHandle file =
          pace.get(channel.open(RemotePath.of("/f"), mode, RemoteAttributes.ofMode(0644)));
      pace.get(channel.write(file, 0, List.of(ByteBuffer.allocate(600))));
      BufferPool pool = new BufferPool(0, new NativeMemory(0));
      pool.reserve(1);
      ReadPart part = new ReadPart(0, 1000, 1000, 0, Long.MAX_VALUE, pool.take());

      part.start(channel, file, new Ticks(pace));
      part.release();
      pace.get(part.done());

      assertThat(part.end()).isEqualTo(600);
      assertThat(pool.taken()).isZero();
    });
  }
}
