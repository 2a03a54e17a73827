package dev.mooring.ssh.mina;

import java.util.Iterator;
import java.util.List;
import org.apache.sshd.client.auth.pubkey.PublicKeyIdentity;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.signature.SignatureFactoriesManager;

/** Logging in with our keys in our order, and with nothing else that MINA might find. */
final class PublicKeyLogin extends UserAuthPublicKeyFactory {
  private final List<LoadedKey> keys;

  PublicKeyLogin(List<LoadedKey> keys, List<NamedFactory<Signature>> signatures) {
    super(signatures);
    this.keys = keys;
  }

  @Override
  public UserAuthPublicKey createUserAuth(ClientSession session) {
    return new UserAuthPublicKey(getSignatureFactories()) {
      @Override
      protected Iterator<PublicKeyIdentity> createPublicKeyIterator(
          ClientSession asking, SignatureFactoriesManager signatures) {
        return PublicKeyLogin.this.keys.stream()
            .map(key -> key.identity(asking, signatures))
            .iterator();
      }
    };
  }
}
