package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.mooring.testing.SemanticsPage;
import dev.mooring.testing.SemanticsRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What docs/SEMANTICS.md promises is tested, and what is tested under its name is promised. */
class SemanticsPageTest {
  private static final JavaClasses TESTS =
      new ClassFileImporter().importPath(Path.of("target/test-classes"));

  private static Stream<JavaMethod> annotated() {
    return TESTS.stream()
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isAnnotatedWith(SemanticsRow.class));
  }

  private static Set<String> tested() {
    return annotated()
        .flatMap(method -> Stream.of(method.getAnnotationOfType(SemanticsRow.class).value()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyRowHasATestAndEveryTestItsRow() throws IOException {
    assertThat(new TreeSet<>(SemanticsPage.ids())).isNotEmpty().isEqualTo(tested());
  }

  @Test
  void noIdIsGivenTwice() throws IOException {
    assertThat(SemanticsPage.ids()).doesNotHaveDuplicates();
  }

  @Test
  void whatCarriesAnIdIsATest() {
    assertThat(annotated())
        .allMatch(method ->
            method.isAnnotatedWith(Test.class) || method.isAnnotatedWith(ParameterizedTest.class));
  }
}
