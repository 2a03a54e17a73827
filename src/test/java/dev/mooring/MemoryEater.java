package dev.mooring;

/** A process of its own that takes all of its heap, on a thread that nothing depends on. */
final class MemoryEater {
  private MemoryEater() {}

  /** Ends only if running out of memory ends it. */
  public static void main(String[] arguments) throws Exception {
    Thread eater = Thread.ofVirtual().start(MemoryEater::eat);
    eater.join();
    System.out.println("alive");
    System.in.read();
  }

  private static void eat() {
    Object[] eaten = new Object[0];
    while (true) {
      Object[] more = new Object[100_000];
      more[0] = eaten;
      eaten = more;
    }
  }
}
