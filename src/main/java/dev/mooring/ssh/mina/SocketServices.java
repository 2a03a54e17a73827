package dev.mooring.ssh.mina;

import org.apache.sshd.common.Factory;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.jspecify.annotations.Nullable;

/** Tells MINA to connect through {@link SocketConnector}; we accept no connections. */
final class SocketServices extends AbstractCloseable
    implements IoServiceFactoryFactory, IoServiceFactory {
  private volatile @Nullable IoServiceEventListener listener;

  @Override
  public IoServiceFactory create(FactoryManager manager) {
    return this;
  }

  /** Our threads are our own. */
  @Override
  public void setExecutorServiceFactory(Factory<CloseableExecutorService> factory) {}

  @Override
  public IoConnector createConnector(IoHandler handler) {
    SocketConnector connector = new SocketConnector(handler);
    connector.setIoServiceEventListener(listener);
    return connector;
  }

  @Override
  public IoAcceptor createAcceptor(IoHandler handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable IoServiceEventListener getIoServiceEventListener() {
    return listener;
  }

  @Override
  public void setIoServiceEventListener(@Nullable IoServiceEventListener newListener) {
    listener = newListener;
  }
}
