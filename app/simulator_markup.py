"""The words of the Simulator page as HTML, the same for both kinds of levers.

In:    an `Answer`, its `Ranges`, the `Outlook` of the scope.
Out:   HTML with every value escaped.
Never: draws.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape

from app.charts import bars, curve
from app.text import explain, findings, outlook
from app.text import headline as words
from app.widgets import line, spoken, text_table, title
from forecast_core import Answer, Outlook, Ranges

NO_TYPES = (
    "What is freed by file type is not known here: that takes pct_pdf, pct_docx, pct_xlsx, savings_gb and a model that "
    "follows them."
)


def headline(answer: Answer, history: Outlook) -> str:
    """Return the sentence, its range, and the trust light; words carry the light, its colour repeats them."""
    light = f'<span class="{answer.trust.colour}" aria-hidden="true">●</span>'
    trust = f'<p class="range">{light} {escape(words.trust_line(answer))}</p>'
    plainly = "" if history.predictable else line(outlook.unpredictable(history), "plainly")
    return spoken(words.headline(answer), line(words.range_line(answer)), trust, plainly)


def types(answer: Answer) -> str:
    """Return what is freed by file type as bars, "" where it is not known."""
    shown = bars.by_type(answer)
    if shown is None:
        return ""
    rows = "".join(_bar(bar) for bar in shown.bars)
    return f'{title(shown.title, shown.subtitle)}<table class="bars" data-chart="types">{rows}</table>'


def _bar(bar: bars.Bar) -> str:
    mark = "" if bar.before is None else f'<i style="left:{bar.before:.1%}"></i>'
    width = f'<div><b style="width:{bar.width:.1%};background:{bar.colour}"></b>{mark}</div>'
    return f"<tr><th>{escape(bar.title)}</th><td>{width}</td><td>{escape(bar.words)}</td></tr>"


def why(answer: Answer, known: Ranges) -> str:
    """Return what moved the result, how the effect of the frequency fades, and the backlog."""
    table = explain.moved_by(answer, known)
    moved = text_table(table) if table else line("Move a lever to see what it does.", "unit")
    curves = "".join(_curve(found) for found in curve.fading(answer))
    fades = findings.frequency(answer)
    parts = [title("What moved it"), moved, f'<div class="curves">{curves}</div>' if curves else ""]
    return "".join([*parts, line(fades, "why") if fades else ""])


def _curve(found: curve.Curve) -> str:
    image = f'<img alt="" src="data:image/svg+xml;base64,{b64encode(found.svg.encode()).decode()}">'
    return f'<figure class="curve">{image}<figcaption>{escape(found.words)}</figcaption></figure>'
