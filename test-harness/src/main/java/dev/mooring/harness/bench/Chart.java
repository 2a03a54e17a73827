package dev.mooring.harness.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;

/** A bar for each ratio of a group of results, on a logarithmic axis whose middle is C sshfs. */
final class Chart {
  private static final int WIDTH = 860;
  private static final int BAR = 15;
  private static final int FRAME = 110;
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x1f77b4),
          new Color(0x2ca02c),
          new Color(0xff7f0e),
          new Color(0x9467bd),
          new Color(0x7f7f7f));

  private Chart() {}

  /** Writes {@code GROUP.svg} for every group that has ratios. */
  static void writeAll(List<Line> lines, Path directory) throws IOException {
    for (Map.Entry<String, List<Line>> group : groups(lines).entrySet()) {
      Path file = directory.resolve(fileName(group.getKey()));
      Files.writeString(file, svg(group.getKey(), group.getValue()));
    }
  }

  /** The lines that have a ratio, by group, in the order of the results. */
  static Map<String, List<Line>> groups(List<Line> lines) {
    return lines.stream()
        .filter(line -> line.ratio() != null)
        .collect(Collectors.groupingBy(Line::group, LinkedHashMap::new, Collectors.toList()));
  }

  /** The name of a group's file. */
  static String fileName(String group) {
    return group.toLowerCase(Locale.ROOT).replace(' ', '-') + ".svg";
  }

  private static String svg(String group, List<Line> lines) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    for (Line line : lines) {
      data.addValue(line.ratio(), series(line), line.workload());
    }
    JFreeChart chart =
        ChartFactory.createBarChart(
            group + ": times C sshfs, more is better",
            null,
            null,
            data,
            PlotOrientation.HORIZONTAL,
            true,
            false,
            false);
    style(chart);
    int height = FRAME + data.getColumnCount() * (data.getRowCount() * BAR + BAR);
    SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, height);
    chart.draw(graphics, new Rectangle(WIDTH, height));
    return graphics.getSVGDocument();
  }

  private static String series(Line line) {
    String cipher = line.sshfsOptions().contains("Ciphers") ? "" : ", default ciphers";
    return line.binding() + ", " + line.rttMillis() + " ms" + cipher;
  }

  private static void style(JFreeChart chart) {
    chart.setBackgroundPaint(Color.WHITE);
    chart.getTitle().setFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
    CategoryPlot plot = chart.getCategoryPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    LogAxis axis = new LogAxis();
    axis.setNumberFormatOverride(
        new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)));
    axis.setBase(2);
    axis.setTickUnit(new NumberTickUnit(1));
    plot.setRangeAxis(axis);
    plot.addRangeMarker(new ValueMarker(1, Color.BLACK, new BasicStroke(1.5f)));
    plot.setRenderer(renderer());
  }

  private static BarRenderer renderer() {
    BarRenderer renderer = new BarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setBase(1);
    renderer.setItemMargin(0.05);
    for (int i = 0; i < COLOURS.size(); i++) {
      renderer.setSeriesPaint(i, COLOURS.get(i));
    }
    renderer.setDefaultItemLabelGenerator(
        new StandardCategoryItemLabelGenerator(
            "{2}", new DecimalFormat("0.0#", DecimalFormatSymbols.getInstance(Locale.ROOT))));
    renderer.setDefaultItemLabelsVisible(true);
    renderer.setDefaultItemLabelFont(new Font(Font.SANS_SERIF, Font.BOLD, 10));
    renderer.setDefaultItemLabelPaint(Color.WHITE);
    renderer.setDefaultPositiveItemLabelPosition(
        new ItemLabelPosition(ItemLabelAnchor.CENTER, TextAnchor.CENTER));
    return renderer;
  }
}
