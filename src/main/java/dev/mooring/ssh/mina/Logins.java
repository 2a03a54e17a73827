package dev.mooring.ssh.mina;

import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.ssh.Secret;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** Gives a session what it may log in with, and nothing else that this machine might have. */
final class Logins {
  private Logins() {}

  static void prepare(
      ClientSession session,
      Credentials credentials,
      List<LoadedKey> keys,
      Algorithms algorithms,
      ConnectionEvents events) {
    PublicKeyLogin withKeys = new PublicKeyLogin(keys, algorithms.userKeys());
    Secret password = credentials.password();
    List<UserAuthFactory> methods = new ArrayList<>();
    for (LoginMethod method : credentials.methods()) {
      switch (method) {
        case PUBLIC_KEY -> add(methods, !keys.isEmpty(), withKeys);
        case PASSWORD -> add(methods, password != null, UserAuthPasswordFactory.INSTANCE);
        case KEYBOARD_INTERACTIVE ->
            add(methods, password != null, UserAuthKeyboardInteractiveFactory.INSTANCE);
      }
    }
    session.setPublicKeyAuthenticationReporter(events);
    if (password != null) {
      session.addPasswordIdentity(password.reveal());
      session.setUserInteraction(new AnswerWithPassword(password));
    }
    // Without any method MINA would take its defaults; this one then finds no key and fails.
    session.setUserAuthFactories(methods.isEmpty() ? List.of(withKeys) : methods);
  }

  private static void add(List<UserAuthFactory> methods, boolean possible, UserAuthFactory method) {
    if (possible) {
      methods.add(method);
    }
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
