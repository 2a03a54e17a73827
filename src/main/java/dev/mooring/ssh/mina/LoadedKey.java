package dev.mooring.ssh.mina;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Map;
import org.apache.sshd.client.auth.pubkey.KeyPairIdentity;
import org.apache.sshd.client.auth.pubkey.PublicKeyIdentity;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.signature.SignatureFactoriesManager;
import org.jspecify.annotations.Nullable;

/**
 * A key to log in with, or a certificate together with the key that it is for.
 *
 * @param origin where it is from, for people
 * @param pair its public half may be a certificate; without a private half the agent signs
 */
record LoadedKey(String origin, KeyPair pair, @Nullable AgentClient agent) {
  PublicKey key() {
    return pair.getPublic();
  }

  /** As MINA wants to have it. */
  PublicKeyIdentity identity(ClientSession session, SignatureFactoriesManager signatures) {
    return agent == null
        ? new KeyPairIdentity(signatures, session, pair)
        : new OfAgent(agent, pair);
  }

  /** The agent signs with the key itself, also where a certificate is shown. */
  private record OfAgent(AgentClient agent, KeyPair pair) implements PublicKeyIdentity {
    private static final String CERTIFICATE = "-cert-v01@openssh.com";

    @Override
    public KeyPair getKeyIdentity() {
      return pair;
    }

    @Override
    public Map.Entry<String, byte[]> sign(SessionContext session, String algorithm, byte[] data)
        throws IOException {
      PublicKey key =
          pair.getPublic() instanceof OpenSshCertificate certificate
              ? certificate.getCertPubKey()
              : pair.getPublic();
      String plain = algorithm.replace(CERTIFICATE, "");
      return Map.entry(algorithm, agent.sign(session, key, plain, data).getValue());
    }
  }
}
