package dev.mooring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.LevelFilter;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Sets logging up, in code. Whoever logs never waits: a line goes into a bounded queue, and when
 * nobody reads the other end of the pipe, lines are dropped and counted.
 */
final class Logs {
  /** How many lines wait for whoever reads the log; further ones are dropped and counted. */
  static final int QUEUED = 1024;

  /** Text of a server may be in a message: what could begin a line or move a cursor is replaced. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger{0}"
          + " %replace(%msg){'[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]', '?'}%n";

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger root;

  private Logs(Level level) {
    context.reset();
    root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    context.getLogger("org.apache.sshd").setLevel(Level.WARN);
    context.getLogger("io.netty").setLevel(Level.WARN);
    // It says what we say ourselves of a lost connection, several times over.
    context
        .getLogger("org.apache.sshd.client.session.ClientConnectionService")
        .setLevel(Level.ERROR);
    // MINA logs under the name of our subclass what we say ourselves in the failure.
    context.getLogger("dev.mooring.ssh.mina.ObservedSession").setLevel(Level.ERROR);
  }

  /** For a service: information goes to stdout, warnings and errors to stderr. */
  static void toConsole(boolean debug) {
    toConsole(debug ? Level.DEBUG : Level.INFO);
  }

  /** As the other, from this level on. */
  static void toConsole(Level level) {
    Logs logs = new Logs(level);
    LevelFilter noWarnings = new LevelFilter();
    noWarnings.setLevel(Level.WARN);
    noWarnings.setOnMatch(FilterReply.DENY);
    LevelFilter noErrors = new LevelFilter();
    noErrors.setLevel(Level.ERROR);
    noErrors.setOnMatch(FilterReply.DENY);
    logs.add(logs.console("System.out"), noWarnings, noErrors);
    logs.add(logs.console("System.err"), logs.warnings());
  }

  /** For a command that a person runs: only warnings and errors, on stderr. */
  static void warningsOnly() {
    Logs logs = new Logs(Level.WARN);
    logs.add(logs.console("System.err"));
  }

  /** For a process without a terminal: everything goes to the end of a file. */
  static void toFile(Path file, boolean debug) {
    Logs logs = new Logs(debug ? Level.DEBUG : Level.INFO);
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setFile(file.toString());
    logs.add(appender);
  }

  /** Writes out what is queued; what is logged afterwards is lost. Who comes second waits too. */
  static synchronized void flush() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }

  private ConsoleAppender<ILoggingEvent> console(String stream) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setTarget(stream);
    return appender;
  }

  private Filter<ILoggingEvent> warnings() {
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(Level.WARN.levelStr);
    return filter;
  }

  @SafeVarargs
  private void add(OutputStreamAppender<ILoggingEvent> appender, Filter<ILoggingEvent>... filters) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    DroppingQueue queue = new DroppingQueue(appender, QUEUED);
    queue.setContext(context);
    for (Filter<ILoggingEvent> filter : filters) {
      filter.start();
      queue.addFilter(filter);
    }
    queue.start();
    root.addAppender(queue);
  }
}
