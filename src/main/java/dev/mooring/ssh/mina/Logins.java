package dev.mooring.ssh.mina;

import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.Secret;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** Gives a session what it may log in with, and nothing else that this machine might have. */
final class Logins {
  private Logins() {}

  static void prepare(
      ClientSession session,
      Credentials credentials,
      List<KeyFiles.LoadedKey> keys,
      ConnectionEvents events) {
    List<UserAuthFactory> methods = new ArrayList<>();
    if (!keys.isEmpty()) {
      methods.add(UserAuthPublicKeyFactory.INSTANCE);
      keys.forEach(key -> session.addPublicKeyIdentity(key.pair()));
      session.setPublicKeyAuthenticationReporter(events);
    }
    Secret password = credentials.password();
    if (password != null) {
      methods.add(UserAuthPasswordFactory.INSTANCE);
      methods.add(UserAuthKeyboardInteractiveFactory.INSTANCE);
      session.addPasswordIdentity(password.reveal());
      session.setUserInteraction(new AnswerWithPassword(password));
    }
    // Without any method MINA would take its defaults; this one then finds no key and fails.
    session.setUserAuthFactories(
        methods.isEmpty() ? List.of(UserAuthPublicKeyFactory.INSTANCE) : methods);
  }

  /** What was tried and what the server takes. */
  static String explain(
      List<KeyFiles.LoadedKey> keys, @Nullable Secret password, ConnectionEvents events) {
    List<String> tried = new ArrayList<>();
    for (KeyFiles.LoadedKey key : keys) {
      String described = PublicKeys.describe(key.pair().getPublic());
      boolean asked = events.keysTried().contains(described);
      tried.add((asked ? "" : "(not asked for) ") + described + " of " + key.file());
    }
    if (password != null) {
      tried.add("the password");
    }
    String offer =
        events.methodsOffered().isEmpty()
            ? events.explanation()
            : "the server accepts " + String.join(", ", events.methodsOffered());
    return tried.isEmpty()
        ? offer + " and no key file and no password is given"
        : offer + " and refused " + String.join(", ", tried);
  }

  /** Answers every hidden prompt with the password: servers with PAM ask for it in this way. */
  private record AnswerWithPassword(Secret password) implements UserInteraction {
    @Override
    public String[] interactive(
        ClientSession session,
        String name,
        String instruction,
        String language,
        String[] prompts,
        boolean[] echo) {
      String[] answers = new String[prompts.length];
      for (int i = 0; i < prompts.length; i++) {
        answers[i] = echo[i] ? "" : password.reveal();
      }
      return answers;
    }

    @Override
    public @Nullable String getUpdatedPassword(
        ClientSession session, String prompt, String language) {
      return null;
    }
  }
}
