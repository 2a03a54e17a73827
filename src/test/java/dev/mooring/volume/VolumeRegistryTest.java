package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.mooring.fs.SystemPace;
import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.mount.BindingChoice;
import dev.mooring.mount.FakeMounts;
import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountSpec;
import dev.mooring.mount.MountTrouble;
import dev.mooring.mount.Start;
import dev.mooring.sftp.RemotePath;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshTarget;
import dev.mooring.volume.StateStore.Loaded;
import dev.mooring.volume.StoredState.StoredVolume;
import dev.mooring.volume.VolumeRegistry.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;

@Timeout(30)
class VolumeRegistryTest {
  private static final Map<String, String> OPTIONS = Map.of("sshcmd", "u@h:/d", "uid", "999");
  private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

  private final StateStore store = mock(StateStore.class);
  private final SystemPace pace = new SystemPace();
  private final FakeMounts mounts = new FakeMounts(pace);

  @BeforeEach
  void nothingIsStored() {
    when(store.load()).thenReturn(new Loaded.Found(null, null));
  }

  @AfterEach
  void endTime() {
    pace.close();
  }

  private void earlierCallersAreStored(String bootId, @Nullable String warning) {
    StoredVolume volume = new StoredVolume("v", OPTIONS, "2020-01-01T00:00:00Z", Map.of("gone", 3));
    when(store.load())
        .thenReturn(
            new Loaded.Found(new StoredState(1, bootId, "earlier", List.of(volume)), warning));
  }

  private VolumeRegistry registry() {
    return new VolumeRegistry(
        store,
        VolumeRegistryTest::read,
        mounts::mount,
        VolumeRegistryTest::probe,
        mounts,
        InstantSource.fixed(NOW),
        new Identity("1.2.3", "boot", "incarnation"));
  }

  private static void probe(MountSpec spec) throws MountFailure {
    throw new MountFailure.Mounting(MountTrouble.ENDED, "u@h:22", null);
  }

  private static MountSpec read(Map<String, String> options) throws IOException {
    if (!options.containsKey("sshcmd")) {
      throw new IOException("sshcmd is missing");
    }
    return new MountSpec(
        new SshTarget("u", "h", 22),
        Credentials.ofPassword("pw"),
        new HostKeyPolicy.AcceptAny(),
        ConnectionSettings.DEFAULT,
        MountSpec.SFTP,
        options.containsKey("probe")
            ? new Start(true, null, false, Duration.ZERO, true)
            : Start.DEFAULT,
        RemoteSettings.of(RemotePath.of("/d")),
        FuseOptions.of("u@h:/d"),
        BindingChoice.JNR,
        null,
        false,
        Map.of("sshcmd", "u@h:/d"),
        List.of("any host key is accepted"));
  }

  private StoredState lastSaved() throws IOException {
    ArgumentCaptor<StoredState> saved = ArgumentCaptor.forClass(StoredState.class);
    verify(store, atLeastOnce()).save(saved.capture());
    return saved.getValue();
  }

  @Test
  void createIsSavedAndMayBeRepeated() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("v", OPTIONS);
    registry.create("v", OPTIONS);

    assertThat(lastSaved().volumes())
        .containsExactly(new StoredVolume("v", OPTIONS, "2026-11-22T07:00:00Z", Map.of()));
    assertThat(registry.list()).hasSize(1);
  }

  @Test
  void createWithOtherOptionsNamesThemAndNotTheirValues() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("v", OPTIONS);

    assertThatThrownBy(
            () -> registry.create("v", Map.of("sshcmd", "u@h:/d", "uid", "1", "password", "pw")))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("exists with other options (password, uid)")
        .hasMessageNotContaining("pw");
  }

  @Test
  void createRefusesWhatTheOptionsDo() {
    VolumeRegistry registry = registry();

    assertThatThrownBy(() -> registry.create("v", Map.of())).hasMessage("sshcmd is missing");
    assertThatThrownBy(() -> registry.get("v")).hasMessageContaining("does not exist");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "...", "..a/.b", "ü→🐳", "-x", "a b", "v:latest", "$(x)"})
  void anyOtherNameIsFineAndIsNoPath(String name) throws IOException {
    VolumeRegistry registry = registry();
    registry.create(name, OPTIONS);

    assertThat(registry.mount(name, "a").toString()).matches("/mnt/volumes/[0-9a-f]{32}");
    registry.remove(name);
    assertThat(registry.list()).isEmpty();
  }

  @Test
  void aNameOf255BytesIsTheLongest() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("x".repeat(255), OPTIONS);

    assertThat(registry.get("x".repeat(255)).name()).hasSize(255);
    assertThatThrownBy(() -> registry.create("ü".repeat(128), OPTIONS))
        .hasMessageContaining("256 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/certs", ".", "..", "a/..", "../a", "a//b", "a/", "a\nb", "\ud800"})
  void aNameThatCouldNotBeUsedIsRefusedWithTheReason(String name) {
    assertThatThrownBy(() -> registry().create(name, OPTIONS))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("has a name");
  }

  @Test
  void twoVolumesOfOneSourceAreApart() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("a", OPTIONS);
    registry.create("b", OPTIONS);
    assertThat(registry.mount("a", "1")).isNotEqualTo(registry.mount("b", "2"));

    registry.remove("b");

    assertThat(registry.get("a").status()).containsEntry("state", "mounted");
  }

  @Test
  void callersAreSavedBeforeTheyAreAnswered() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("v", OPTIONS);
    registry.mount("v", "a");
    registry.mount("v", "a");

    StoredState saved = lastSaved();
    assertThat(saved.volumes().getFirst().callers()).isEqualTo(Map.of("a", 2));
    assertThat(saved.bootId()).isEqualTo("boot");
    assertThat(saved.incarnation()).isEqualTo("incarnation");
  }

  @Test
  void aMountWhoseCallerCannotBeSavedIsTakenBack() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("v", OPTIONS);
    doThrow(new IOException("no space left")).when(store).save(any());

    assertThatThrownBy(() -> registry.mount("v", "a")).hasMessageContaining("no space left");

    assertThat(registry.get("v").status()).containsEntry("callers", 0);
  }

  @Test
  void aRemoveThatCannotBeSavedKeepsTheVolume() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("v", OPTIONS);
    doThrow(new IOException("no space left")).when(store).save(any());

    assertThatThrownBy(() -> registry.remove("v")).hasMessageContaining("no space left");
    assertThat(registry.get("v").name()).isEqualTo("v");

    doNothing().when(store).save(any());
    registry.remove("v");
    assertThat(registry.list()).isEmpty();
  }

  @Test
  void removeAndUnmountOfWhatIsNotThereAreFine() throws IOException {
    VolumeRegistry registry = registry();
    registry.remove("v");
    registry.unmount("v", "a");

    assertThat(registry.list()).isEmpty();
  }

  @Test
  void repeatedMountsOfOneCallerAfterDockerdCrashedLeaveNothing() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("v", OPTIONS);
    registry.mount("v", "a");
    registry.mount("v", "a");
    registry.unmount("v", "a");
    registry.unmount("v", "a");
    registry.unmount("v", "a");
    registry.mount("v", "left over");
    registry.remove("v");

    assertThat(mounts.isBare()).isTrue();
    assertThat(lastSaved().volumes()).isEmpty();
  }

  @Test
  void volumesComeBackAndTheirOldCallersDoNotCount() throws IOException {
    earlierCallersAreStored("boot", "went back");

    VolumeRegistry registry = registry();
    VolumeDescription volume = registry.get("v");

    assertThat(registry.takeOver()).isEmpty();
    assertThat(registry.get("v").status())
        .containsEntry("state", "failed")
        .hasEntrySatisfying("lastError", text -> assertThat(text).asString().contains("restart"));
    assertThat(volume.createdAt()).isEqualTo("2020-01-01T00:00:00Z");
    assertThat(volume.status())
        .containsEntry("callers", 0)
        .containsEntry("warnings", List.of("went back", "any host key is accepted"));
  }

  @Test
  void nobodyIsLeftAfterTheMachineWasBootedAnew() throws IOException {
    earlierCallersAreStored("an earlier boot", null);
    VolumeRegistry registry = registry();

    assertThat(registry.takeOver()).isEmpty();
    assertThat(registry.get("v").status()).containsEntry("state", "unmounted");
  }

  @Test
  void aVolumeWhoseOptionsAreNoLongerUnderstoodIsStillThere() throws IOException {
    when(store.load())
        .thenReturn(
            new Loaded.Found(
                new StoredState(
                    1,
                    "boot",
                    "earlier",
                    List.of(new StoredVolume("v", Map.of(), "2020-01-01T00:00:00Z", Map.of()))),
                null));
    VolumeRegistry registry = registry();

    assertThat(registry.get("v").status()).containsEntry("warnings", List.of("sshcmd is missing"));
    assertThatThrownBy(() -> registry.mount("v", "a")).hasMessageContaining("sshcmd is missing");
    registry.remove("v");
    assertThat(registry.list()).isEmpty();
  }

  @Test
  void closingAlsoEndsWhatSomebodyUsesOfARemovedVolume() throws IOException {
    mounts.hold();
    VolumeRegistry registry = registry();
    registry.create("v", OPTIONS);
    registry.create("w", OPTIONS);
    registry.mount("v", "a");
    registry.mount("w", "a");
    registry.remove("v");
    assertThat(mounts.open()).isEqualTo(2);

    registry.close();
    assertThat(mounts.open()).isZero();
  }

  @Test
  void whileTheStateIsUnreadableVolumesExistButNothingIsDone() throws IOException {
    when(store.load()).thenReturn(new Loaded.Unreadable("state.json is damaged"));
    VolumeRegistry registry = registry();

    assertThat(registry.get("any").status())
        .containsEntry("warnings", List.of("state.json is damaged"));
    assertThatThrownBy(() -> registry.mount("any", "a")).hasMessageContaining("is damaged");
    assertThatThrownBy(() -> registry.create("any", OPTIONS)).hasMessageContaining("is damaged");
    assertThatThrownBy(() -> registry.remove("any")).hasMessageContaining("is damaged");
    assertThatThrownBy(registry::list).hasMessageContaining("is damaged");
    registry.unmount("any", "a");
    registry.close();
    verify(store, never()).save(any());
  }

  @Test
  void statusSaysHowTheMountDoes() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("v", OPTIONS);
    registry.mount("v", "a");

    assertThat(registry.get("v").status())
        .containsEntry("state", "mounted")
        .containsEntry("roundTripMillis", 2.0)
        .containsEntry("reconnects", 0)
        .containsEntry("openFiles", 1L)
        .containsEntry("bytesRead", 2L)
        .containsEntry("bytesWritten", 3L)
        .containsEntry("answeredFromMemory", "50 %")
        .containsEntry("options", Map.of("sshcmd", "u@h:/d"));
  }

  @Test
  void createProbesTheServerWhereThatIsAsked() throws IOException {
    VolumeRegistry registry = registry();
    assertThatThrownBy(() -> registry.create("v", Map.of("sshcmd", "u@h:/d", "probe", "yes")))
        .hasMessage(
            "FUSE failed for u@h:22: the mount ended by itself;"
                + " restart the containers that use it");
    assertThat(registry.list()).isEmpty();
  }

  @Test
  void statusHasServerAndVersionAndNoSecret() throws IOException {
    VolumeRegistry registry = registry();
    registry.create("v", Map.of("sshcmd", "u@h:/d", "password", "sesame"));
    registry.mount("v", "a");

    assertThat(registry.get("v").status())
        .containsEntry("server", "u@h:22")
        .containsEntry("fingerprint", "SHA256:x")
        .containsEntry("version", "1.2.3")
        .containsEntry("callers", 1)
        .doesNotContainValue("sesame");
  }

  @Test
  void manyAtOnceAreSavedTogether() throws Exception {
    VolumeRegistry registry = registry();
    registry.create("v", OPTIONS);
    clearInvocations(store);
    List<Thread> threads =
        IntStream.range(0, 100)
            .mapToObj(i -> Thread.ofVirtual().start(() -> mountQuietly(registry, "id" + i)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(lastSaved().volumes().getFirst().callers()).hasSize(100);
    registry.close();
    assertThat(mounts.isBare()).isTrue();
  }

  private static void mountQuietly(VolumeRegistry registry, String id) {
    try {
      registry.mount("v", id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
