"""SVG by hand: elements with their texts escaped, the looks of charts, and the same drawing on paper."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup, escape

from academy.reports.rules.drawing import slanted

TEXT: Final = 13.0  # size of letters, in the units of a drawing
LINE: Final = 17.0  # from one line of text to the next
SERIES: Final = 6  # more are not told apart
_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_DRAWING: Final = re.compile(r"^<svg [^>]*>")

# What the classes look like on paper; on a page static/src/plots.css gives them their colours.
_PAPER: Final = {
    "text": "font-family:'Libertinus Serif',serif;font-size:13px;fill:#0d2731", "quiet": "fill:#3a5560", "strong": "font-weight:700", "on-dark": "fill:#fff",
    "grid": "stroke:#c9d8db;stroke-width:1", "zero": "stroke:#0d2731;stroke-width:1.5", "field": "fill:#f2f8f9",
    "bar": "fill:#0a4655", "hidden-line": "fill:none;stroke:#5b7781;stroke-width:1;stroke-dasharray:3 2", "hatch": "stroke:#5b7781;stroke-width:1",
    "mesh": "fill:#f2f8f9", "nothing": "fill:#fff;stroke:#c9d8db;stroke-width:1",
    "fill-1": "fill:#0a4655", "fill-2": "fill:#ffb92e", "fill-3": "fill:#8fc6cd", "fill-4": "fill:#c23a1e", "fill-5": "fill:#1d5a34", "fill-6": "fill:#e3f1f3",
    "edge": "stroke:#0d2731;stroke-width:1", "pen-dark": "stroke:#0d2731;stroke-width:1.2;fill:none", "pen-light": "stroke:#fff;stroke-width:1.2;fill:none",
    "line-1": "stroke:#0a4655;stroke-width:2.5;fill:none", "line-2": "stroke:#c23a1e;stroke-width:2.5;fill:none;stroke-dasharray:7 4",
    "line-3": "stroke:#1d5a34;stroke-width:2.5;fill:none;stroke-dasharray:2 4", "line-4": "stroke:#0d2731;stroke-width:2.5;fill:none;stroke-dasharray:10 3 2 3",
    "line-5": "stroke:#5b7781;stroke-width:2.5;fill:none", "line-6": "stroke:#0b5566;stroke-width:1.5;fill:none",
    "mark-1": "fill:#0a4655", "mark-2": "fill:#c23a1e", "mark-3": "fill:#1d5a34", "mark-4": "fill:#0d2731", "mark-5": "fill:#5b7781", "mark-6": "fill:#0b5566",
    "heat-1": "fill:#e3f1f3", "heat-2": "fill:#b5dade", "heat-3": "fill:#6db3bc", "heat-4": "fill:#0b5566", "heat-5": "fill:#06323d", "ring": "stroke:#fff;stroke-width:1.5",
    "paper": "fill:#fff", "reach": "fill:none",
}


@dataclass
class Sketch:
    """A drawing that is being made, `width` units wide; `height` is set when it is known. `name` sets apart what has an id on a page with more of them."""

    name: str
    width: float
    height: float = 0.0
    parts: list[str] = field(default_factory=list)

    @property
    def is_narrow(self) -> bool:
        """Tell whether it is for a small screen."""
        return self.width < WIDE

    def add(self, tag: str, look: str = "", text: str = "", **attributes: float | str) -> None:
        """Add an element; `look` are classes."""
        self.parts.append(_element(tag, look, str(escape(text)), attributes))

    def text(self, x: float, y: float, words: str, *, look: str = "", anchor: str = "start") -> None:
        """Add a line of text; y is the line on which letters stand."""
        side: dict[str, float | str] = {} if anchor == "start" else {"text_anchor": anchor}
        self.add("text", f"text {look}".rstrip(), words, x=x, y=y, **side)

    def rect(self, look: str, box: tuple[float, float, float, float], *, round_by: float = 0.0) -> None:
        """Add a rectangle by its left, top, width and height."""
        left, top, width, height = box
        corners: dict[str, float | str] = {"rx": round_by} if round_by else {}
        self.add("rect", look, "", x=left, y=top, width=width, height=height, **corners)

    def line(self, look: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Add a straight line."""
        self.add("line", look, x1=start[0], y1=start[1], x2=end[0], y2=end[1])

    def hidden(self, box: tuple[float, float, float, float]) -> None:
        """Add what stands where a number is hidden: hatched, with a broken edge."""
        left, top, width, height = box
        self.rect("mesh", box)
        for x1, y1, x2, y2 in slanted(width, height, 6.0):
            self.line("hatch", (left + x1, top + y1), (left + x2, top + y2))
        self.rect("hidden-line", box)

    def open_link(self, address: str) -> None:
        """Begin a link; what is added until `close_link` belongs to it."""
        self.parts.append(f'<a class="academy-plot__link" href="{escape(address)}">')

    def close_link(self) -> None:
        """End a link."""
        self.parts.append("</a>")

    def open_named(self, name: str) -> None:
        """Begin a part with a name, which shows under the pointer; what is added until `close_named` belongs to it."""
        self.parts.append(f"<g><title>{escape(name)}</title>")

    def close_named(self) -> None:
        """End a part with a name."""
        self.parts.append("</g>")

    def finished(self, title: str, description: str, *, role: str = "img") -> str:
        """Return the drawing as an element that says what it shows."""
        identity = f"plot-{self.name}-{'narrow' if self.is_narrow else 'wide'}"
        look = "academy-plot__drawing academy-plot__drawing--" + ("narrow" if self.is_narrow else "wide")
        head = (
            f'<svg xmlns="{_NAMESPACE}" class="{look}" viewBox="0 0 {_number(self.width)} {_number(self.height)}" role="{role}" aria-labelledby="{identity}-title" '
            f'aria-describedby="{identity}-words" focusable="false">'
        )
        words = f'<title id="{identity}-title">{escape(title)}</title>\n<desc id="{identity}-words">{escape(description)}</desc>'
        return "\n".join((head, words, *self.parts, "</svg>"))


WIDE: Final = 560.0
NARROW: Final = 328.0
Draw = Callable[[Sketch], None]


def drawn(name: str, title: str, description: str, draw: Draw, *, has_links: bool = False) -> tuple[str, Markup]:
    """Return a drawing for paper, and both sizes of it for a page; the style sheet shows the one that fits."""
    both = []
    for width in (WIDE, NARROW):
        sketch = Sketch(name, width)
        draw(sketch)
        both.append(sketch.finished(title, description, role="group" if has_links else "img"))
    return both[0], Markup("\n".join(both))  # noqa: S704 - every text in it was escaped above


def on_paper(drawing: str) -> str:
    """Return a drawing with its colours inside and without links."""
    style = "\n".join(f".academy-plot__{name}{{{look}}}" for name, look in _PAPER.items() if look)
    head = _DRAWING.match(drawing)
    if head is None:
        return ""
    view = drawing[drawing.index('viewBox="') + 9:].split('"', 1)[0].split(" ")
    opening = f'<svg xmlns="{_NAMESPACE}" viewBox="{" ".join(view)}" width="{view[2]}" height="{view[3]}" role="img">\n<style>\n{style}\n</style>'
    return opening + re.sub(r"\n?</?a\b[^>]*>", "", drawing[head.end():])


def _element(tag: str, look: str, inside: str, attributes: dict[str, float | str]) -> str:
    classes = " ".join(f"academy-plot__{each}" for each in look.split())
    told = {**({"class": classes} if classes else {}), **{name.replace("_", "-"): value for name, value in attributes.items()}}
    head = tag + "".join(f' {name}="{escape(value if isinstance(value, str) else _number(value))}"' for name, value in told.items())
    return f"<{head}>{inside}</{tag}>" if inside else f"<{head}/>"


def _number(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
