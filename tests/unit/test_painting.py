"""Painted pictures: every picture of the app, complete, without a browser."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from app.charts import compare, forecast, money, search, simulator
from app.charts.frame import Picture
from app.painting import Paper, png, svg
from app.painting.axes import marks, tick
from forecast_core import Scenario, Service

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def moved(unchanged: Scenario) -> Scenario:
    return unchanged.with_values(archive_frequency_per_day=12_000.0)


@pytest.fixture(scope="module")
def pictures(service: Service, unchanged: Scenario, moved: Scenario) -> list[Picture]:
    answer, terms = service.simulate(moved), service.money_terms()
    outlook, report = service.forecast(moved.dataset_id, moved.scope, 12), service.money(moved, terms)
    compared = service.lab.compare([(unchanged, terms), (moved, terms)])
    names = ("As today", "More, $ and _x^2_ in its name")
    past = outlook.past.months
    found = [
        simulator.flows(answer), simulator.cumulative_money(answer), forecast.flows(outlook, past[-24], past[-1]),
        money.waterfall(report), money.by_month(report), money.sensitivity(report),
        compare.course(compared, names, "net"), compare.differences(compared, names, "net", 0),
        search.tornado(service.lab.tornado(moved, terms, "net"), "USD"),
    ]  # fmt: skip
    return [picture for picture in found if picture]


def test_every_picture_is_painted_with_its_finding_and_foot(pictures: list[Picture]) -> None:
    assert len(pictures) == 9
    for picture in pictures:
        image = Image.open(io.BytesIO(png(picture, Paper(width=700, scale=1.0, foot="data to Oct 2026"))))
        assert image.width == 700 and image.height > picture.figure["layout"]["height"]
        colours = image.convert("RGB").getcolors(maxcolors=2**20)
        assert colours is not None and len(colours) > 20, picture.title


def test_an_svg_is_the_same_each_time_and_asks_nobody(pictures: list[Picture]) -> None:
    for picture in pictures[:3]:
        drawn = svg(picture, Paper(foot="x"))
        assert drawn == svg(picture, Paper(foot="x"))
        root = ET.fromstring(drawn)
        assert root.tag == f"{SVG}svg" and not list(root.iter(f"{SVG}script")) and not list(root.iter(f"{SVG}image"))


@pytest.mark.parametrize(
    ("value", "given", "text"),
    [(1500, ("$", ""), "$1,500"), (-0.25, ("", " %"), "−0.25 %"), (0.0, ("€", ""), "€0"), (0.052, ("", ""), "0.052")],
)
def test_ticks_read_like_the_browsers(value: float, given: tuple[str, str], text: str) -> None:
    assert tick(value, *given) == text


def test_the_marks_of_an_axis_are_those_of_the_browser(pictures: list[Picture]) -> None:
    waterfall = next(picture for picture in pictures if "to the cent" in picture.subtitle)
    assert marks(waterfall.figure["layout"]["xaxis"]) == ("$", "", False)
    assert marks({"tickformat": ".0%"}) == ("", "", True) and marks({"tickprefix": "€"}) == ("€", "", False)
