package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Sizes, names and leftovers: what a reader would stumble over, in every file of the tree. */
class TidyTest {
  private static final int FILE_LINES = 400;
  private static final int METHOD_LINES = 70;
  private static final int COLUMNS = 100;
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TEST = Path.of("src/test/java");

  /** Words in a type's name that say nothing about what it does. */
  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(Utils?|Helpers?|Impl|Manager)$|^I[A-Z][a-z].*");

  /** The seams above the two waists: everything else has a real or an in-memory counterpart. */
  private static final Set<String> MOCKED =
      Set.of("FuseBinding", "StateStore", "SshConnector", "VolumeRegistry");

  // Put together here, so that this file does not contain what it looks for.
  private static final Pattern LEFTOVER =
      Pattern.compile("\\b(" + "TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  private static final Pattern OUTSIDE =
      Pattern.compile("/wo" + "rk/" + "|\\.\\./" + "shared|/tmp/" + "mooring/|\\bdesign" + "\\.md");

  @Test
  void noSourceFileIsLongerThanFourHundredLines() {
    assertThat(sources(MAIN, TEST))
        .allSatisfy(file -> assertThat(lines(file)).hasSizeLessThanOrEqualTo(FILE_LINES));
  }

  @Test
  void noLineIsWiderThanAHundredColumns() {
    List<String> wide = new ArrayList<>();
    for (Path file : sources(MAIN, TEST)) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).length() > COLUMNS && !lines.get(i).startsWith("import ")) {
          wide.add(file + ":" + (i + 1));
        }
      }
    }

    assertThat(wide).isEmpty();
  }

  @Test
  void noMethodIsLongerThanSeventyLines() {
    assertThat(complaints((scan, method) -> scan.lengthOf(method) > METHOD_LINES, MAIN, TEST))
        .isEmpty();
  }

  @Test
  void everyPublicMethodSaysItsContract() {
    assertThat(complaints(Scan::lacksContract, MAIN)).isEmpty();
  }

  @Test
  void everyTypeSaysWhatItIs() {
    List<String> silent = new ArrayList<>();
    for (Scan scan : scans(MAIN)) {
      silent.addAll(scan.undocumentedTypes);
    }

    assertThat(silent).isEmpty();
  }

  @Test
  void typeNamesSayWhatTheyDo() {
    List<String> empty = new ArrayList<>();
    for (Scan scan : scans(MAIN, TEST)) {
      scan.typeNames.stream().filter(EMPTY_NAME.asMatchPredicate()).forEach(empty::add);
    }

    assertThat(empty).isEmpty();
  }

  @Test
  void onlyTheSeamsAreMocked() {
    Pattern mocked = Pattern.compile("mock\\((\\w+)\\.class|@Mock\\s+(?:private\\s+)?(\\w+)");
    for (Path file : sources(TEST)) {
      List<String> names =
          mocked
              .matcher(text(file))
              .results()
              .map(result -> result.group(1) != null ? result.group(1) : result.group(2))
              .toList();
      assertThat(MOCKED).as("mocks of %s", file).containsAll(names);
    }
  }

  @Test
  void everyPackageHasAPackageInfo() {
    for (Path file : sources(MAIN)) {
      assertThat(file.resolveSibling("package-info.java")).isRegularFile();
    }
  }

  @Test
  void nothingIsLeftOver() {
    assertThat(found(LEFTOVER)).isEmpty();
  }

  @Test
  void nothingPointsOutsideTheRepository() {
    assertThat(found(OUTSIDE)).isEmpty();
  }

  private static List<String> found(Pattern pattern) {
    List<String> found = new ArrayList<>();
    for (Path file : texts()) {
      pattern
          .matcher(text(file))
          .results()
          .map(MatchResult::group)
          .forEach(match -> found.add(file + ": " + match));
    }
    return found;
  }

  private interface Complaint {
    boolean about(Scan scan, MethodTree method);
  }

  private static List<String> complaints(Complaint complaint, Path... roots) {
    List<String> complaints = new ArrayList<>();
    for (Scan scan : scans(roots)) {
      for (MethodTree method : scan.methods) {
        if (complaint.about(scan, method)) {
          complaints.add(scan.file + ": " + method.getName());
        }
      }
    }
    return complaints;
  }

  private static List<Scan> scans(Path... roots) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources(roots)));
      Trees trees = Trees.instance(task);
      List<Scan> scans = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        Scan scan = new Scan(unit, trees);
        scan.scan(unit, null);
        scans.add(scan);
      }
      return scans;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Collects the types and methods of one file. */
  private static final class Scan extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final String file;
    private final List<MethodTree> methods = new ArrayList<>();
    private final List<MethodTree> undocumented = new ArrayList<>();
    private final List<String> typeNames = new ArrayList<>();
    private final List<String> undocumentedTypes = new ArrayList<>();

    Scan(CompilationUnitTree unit, Trees trees) {
      this.unit = unit;
      this.trees = trees;
      this.file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      String name = type.getSimpleName().toString();
      if (!name.isEmpty()) {
        typeNames.add(name);
        if (trees.getDocComment(getCurrentPath()) == null
            && !type.getModifiers().getFlags().contains(Modifier.PRIVATE)) {
          undocumentedTypes.add(file + ": " + name);
        }
      }
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      methods.add(method);
      if (trees.getDocComment(getCurrentPath()) == null) {
        undocumented.add(method);
      }
      return super.visitMethod(method, null);
    }

    long lengthOf(MethodTree method) {
      LineMap lines = unit.getLineMap();
      var positions = trees.getSourcePositions();
      return lines.getLineNumber(positions.getEndPosition(unit, method))
          - lines.getLineNumber(positions.getStartPosition(unit, method))
          + 1;
    }

    boolean lacksContract(MethodTree method) {
      return undocumented.contains(method)
          && method.getReturnType() != null
          && method.getModifiers().getFlags().contains(Modifier.PUBLIC)
          && method.getModifiers().getAnnotations().stream()
              .noneMatch(annotation -> annotation.toString().contains("Override"));
    }
  }

  private static List<Path> sources(Path... roots) {
    return Stream.of(roots)
        .flatMap(TidyTest::walk)
        .filter(f -> f.toString().endsWith(".java"))
        .toList();
  }

  private static List<Path> texts() {
    return walk(Path.of("."))
        .filter(file -> !file.startsWith("./target") && !file.startsWith("./.git"))
        .filter(file -> !file.toString().contains("/target/"))
        .toList();
  }

  private static Stream<Path> walk(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    return text(file).lines().toList();
  }

  /** The text of a file; what is not UTF-8 is no text. */
  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (MalformedInputException notText) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
