"""The picture of a chart, with a title and a description for who does not see it."""

from outputs.output import Output
from outputs.slide_chart import Bars, Chart, Flow, Grid, Lines, Panels, Rows
from reports.markup import Markup, element
from reports.svg.bars import bars_picture
from reports.svg.flow import flow_picture
from reports.svg.grid import grid_picture
from reports.svg.lines import lines_picture, points_picture
from reports.svg.marks import at
from reports.svg.plane import FONT, WIDTH
from reports.svg.rows import panels_picture, rows_picture

FAMILY = "'Source Sans 3', 'Source Sans Pro', 'Helvetica Neue', Arial, 'Noto Sans CJK SC', sans-serif"


def picture(chart: Chart, output: Output, name: str) -> Markup:
    """Inline SVG of a chart of the output; `name` is what its title and description are called in the file."""
    drawn, height = _drawn(chart, output)
    return element(
        "svg",
        element("title", output.title, id=f"{name}-title"),
        element("desc", output.alt or output.subtitle or output.title, id=f"{name}-desc"),
        element("g", *drawn, font_family=FAMILY, font_size=at(FONT)),
        role="img",
        viewBox=f"0 0 {at(WIDTH)} {at(height)}",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )


def _drawn(chart: Chart, output: Output) -> tuple[list[Markup], float]:
    if isinstance(chart, Lines):
        return lines_picture(chart, output.arms)
    if isinstance(chart, Rows):
        return rows_picture(chart, output.arms)
    if isinstance(chart, Panels):
        return panels_picture(chart, output.arms)
    if isinstance(chart, Bars):
        return bars_picture(chart, output.arms)
    if isinstance(chart, Flow):
        return flow_picture(chart, output.arms)
    if isinstance(chart, Grid):
        return grid_picture(chart, output.arms)
    return points_picture(chart, output.arms)
