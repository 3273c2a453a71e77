"""Price lists: one test per trap of the Azure Retail Prices format, a table of one's own, the live service."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast_core import Service
from forecast_core.errors import NotFoundError, PriceError, SourceError
from forecast_core.money import Imported, PriceBook, azure_prices, own_prices, retail_query
from forecast_core.money.unit_words import read_unit
from forecast_core.sources.azure_live import fetch_pages
from forecast_core.sources.prices import read_price_books, read_price_list

TODAY = np.datetime64("2026-11", "M")
SHIPPED = PriceBook.of(read_price_books())


def row(meter: str = "Hot LRS Data Stored", price: float = 0.0208, **changes: Any) -> dict[str, Any]:
    tier = meter.split()[0]
    return {
        "currencyCode": "USD", "tierMinimumUnits": 0, "retailPrice": price, "unitPrice": price,
        "armRegionName": "swedencentral", "location": "SE Central", "effectiveStartDate": "2024-01-01T00:00:00Z",
        "meterId": "m", "meterName": meter, "productName": "General Block Blob v2", "skuName": f"{tier} LRS",
        "serviceName": "Storage", "serviceFamily": "Storage", "type": "Consumption",
        "unitOfMeasure": "1 GB/Month" if "Stored" in meter else "1 GB" if "Retrieval" in meter else "10K",
    } | changes  # fmt: skip


def read(*rows: dict[str, Any], **choice: bool) -> Imported:
    return azure_prices(rows, TODAY, SHIPPED.tiers, **choice)


def price(found: Imported, offer: str = "azure_hot_lrs_swedencentral", item: str = "stored") -> float:
    return book(found).offer(offer).tariff(item).at(TODAY).per_unit


def book(found: Imported) -> PriceBook:
    return SHIPPED.with_offers(found.offers, found.name)


def test_the_product_is_pinned_files_has_another_price_for_the_same_meter() -> None:
    found = read(row(), row(price=0.0287, productName="Files v2"))
    assert price(found) == 0.0208
    assert ("another product", 1) in found.left_out


def test_the_dearer_product_with_a_hierarchical_namespace_is_another_product() -> None:
    dearer = row("Hot LRS Write Operations", 0.065, productName="General Block Blob v2 Hierarchical Namespace")
    found = read(row(), row("Hot LRS Write Operations", 0.05), dearer)
    assert price(found, item="write") == 0.05 / 1e4


def test_lrs_and_grs_may_come_from_the_older_product_and_zrs_from_the_newer_only() -> None:
    older = row(price=0.02, productName="Blob Storage")
    zone = row("Hot ZRS Data Stored", 0.026, skuName="Hot ZRS")
    found = read(older, zone)
    assert price(found) == 0.02
    assert price(found, "azure_hot_zrs_swedencentral") == 0.026
    assert price(read(older, row(price=0.0208))) == 0.0208, "the newer one wins where both are there"


def test_read_meters_do_not_name_the_redundancy_but_writes_and_cold_reads_do() -> None:
    found = read(
        row("Archive LRS Data Stored", 0.00099), row("Archive Read Operations", 5.0),
        row("Archive LRS Write Operations", 0.1),
        row("Cold LRS Data Stored", 0.0036), row("Cold LRS Read Operations", 0.1),
    )  # fmt: skip
    assert price(found, "azure_archive_lrs_swedencentral", "read") == pytest.approx(5e-4)
    assert price(found, "azure_cold_lrs_swedencentral", "read") == pytest.approx(1e-5)


def test_priority_retrieval_is_left_out_unless_asked_for() -> None:
    rows = (
        row("Archive LRS Data Stored", 0.00099),
        row("Archive Data Retrieval", 0.02),
        row("Archive Priority Data Retrieval", 0.10),
    )
    found = read(*rows)
    assert price(found, "azure_archive_lrs_swedencentral", "retrieval") == 0.02
    assert not found.offers[0].has("retrieval_high")
    asked = read(*rows, priority=True)
    assert price(asked, "azure_archive_lrs_swedencentral", "retrieval_high") == 0.10
    assert price(asked, "azure_archive_lrs_swedencentral", "retrieval") == 0.02


def test_bands_are_progressive() -> None:
    found = read(row(price=0.019, tierMinimumUnits=51_200), row(), row(price=0.018, tierMinimumUnits=512_000))
    hot = book(found).offer("azure_hot_lrs_swedencentral").stored(TODAY)
    assert hot.cost(np.array(60_000.0)) == pytest.approx(51_200 * 0.0208 + 8_800 * 0.019)


def test_bands_without_a_first_one_are_not_priced() -> None:
    found = read(row(tierMinimumUnits=51_200), row("Hot LRS Write Operations", 0.05))
    with pytest.raises(PriceError, match="Not priced"):
        price(found)


@pytest.mark.parametrize(
    ("printed", "item", "unit"),
    [
        ("1 GB/Month", "stored", "GiB-month"),
        ("1 GB/月", "stored", "GiB-month"),
        ("1 GB/mes", "stored", "GiB-month"),
        ("1 GB/Hour", "stored", "GiB-hour"),
        ("1 GB/hora", "stored", "GiB-hour"),
        ("1 GB/Day", "stored", None),
        ("1 TB/Month", "stored", None),
        ("10K", "write", "10k operations"),
        ("10000", "write", "10k operations"),
        ("1K", "read", "1k operations"),
        ("100", "read", None),
        ("1 GB", "retrieval", "GiB"),
        ("1 GB/Month", "retrieval", None),
    ],
)
def test_units_also_in_other_languages_and_never_an_hour_for_a_month(printed: str, item: str, unit: str | None) -> None:
    assert read_unit(printed, item) == unit


def test_an_hourly_price_is_730_times_a_month() -> None:
    assert price(read(row(price=2.849e-5, unitOfMeasure="1 GB/hora"))) == pytest.approx(0.0208, rel=1e-3)


def test_a_unit_that_cannot_be_read_is_not_priced() -> None:
    found = read(row(unitOfMeasure="1 GB/Fortnight"), row("Hot LRS Write Operations", 0.05))
    assert ("a unit or band that cannot be read", 1) in found.left_out
    with pytest.raises(PriceError, match="Not priced"):
        price(found)


@pytest.mark.parametrize(
    "other",
    [
        {"type": "Reservation", "reservationTerm": "1 Year", "retailPrice": 20_964.0},
        {"type": "DevTestConsumption", "retailPrice": 0.01},
    ],
)
def test_reservations_and_test_prices_are_left_out(other: dict[str, Any]) -> None:
    found = read(row(), row(**other))
    assert price(found) == 0.0208
    assert ("a reservation or test price", 1) in found.left_out


def test_the_latest_price_in_force_is_taken_and_not_a_future_one() -> None:
    found = read(
        row(price=0.03, effectiveStartDate="2020-01-01T00:00:00Z"),
        row(price=0.0208, effectiveStartDate="2025-06-01T00:00:00Z"),
        row(price=0.05, effectiveStartDate="2027-01-01T00:00:00Z"),
        row(price=0.001, effectiveStartDate="2026-01-01T00:00:00Z", effectiveEndDate="2026-05-31T00:00:00Z"),
    )
    assert price(found) == 0.0208


def test_no_digit_is_lost() -> None:
    assert price(read(row("Archive LRS Data Stored", 0.00099)), "azure_archive_lrs_swedencentral") == 0.00099


def test_a_missing_meter_is_not_offered_and_never_zero() -> None:
    found = read(row("Archive LRS Data Stored", 0.00099))
    with pytest.raises(PriceError, match="write operations. It is not in the price book"):
        price(found, "azure_archive_lrs_swedencentral", "write")


def test_stored_data_for_nothing_is_not_believed() -> None:
    found = read(row(price=0.0), row("Hot LRS Write Operations", 0.05))
    assert ("a unit or band that cannot be read", 1) in found.left_out


def test_imported_tiers_take_the_rules_of_their_tier() -> None:
    found = read(row("Cool LRS Data Stored", 0.01))
    assert found.offers[0].rules.minimum_bytes == 131_072
    assert found.offers[0].rules.minimum_days == 30


def test_another_currency_and_a_missing_next_page_are_said() -> None:
    first = {"Items": [row(currencyCode="EUR")], "NextPageLink": "https://prices.azure.com/more", "Count": 1}
    found = read(*read_price_list("page.json", json.dumps(first).encode()))
    assert len(found.notes) == 2


def test_rows_in_are_rows_used_and_rows_left_out() -> None:
    found = read(row(), row(productName="Files v2"), row("Hot LRS Something Else", 1.0), row(type="Reservation"))
    assert found.rows == found.used + sum(count for _, count in found.left_out) == 4


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"Items": [row()], "NextPageLink": None, "Count": 1}),
        json.dumps([{"Items": [row()]}, {"Items": [row("Cool LRS Data Stored", 0.01)]}]),
        json.dumps([row()]),
        json.dumps({"Items": [row()]}) + "\n" + json.dumps({"Items": [row("Cool LRS Data Stored", 0.01)]}),
    ],
    ids=["page", "pages", "items", "page per line"],
)
def test_every_way_to_save_the_answer_can_be_read(text: str) -> None:
    assert price(read(*read_price_list("saved.json", text.encode("utf-8-sig")))) == 0.0208


@pytest.mark.parametrize("data", [b"{broken", b"[1, 2]"])
def test_what_is_no_price_list_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        read_price_list("x.json", data)


def test_rows_of_something_else_are_refused() -> None:
    with pytest.raises(PriceError, match="lacks"):
        azure_prices([{"a": 1}], TODAY, SHIPPED.tiers)
    with pytest.raises(PriceError, match="no rows"):
        azure_prices([], TODAY, SHIPPED.tiers)


def test_the_filter_of_the_live_address_is_exact_in_case() -> None:
    address = retail_query("SwedenCentral", "lrs")
    assert "serviceName%20eq%20'Storage'" in address
    assert "'swedencentral'" in address
    assert "'LRS'" in address


# ── a table of one's own ───────────────────────────────────────────────────────────────────────────────────────────
OWN = """offer,title,provider,tier,roles,item,unit,from_units,value,currency,source,read
minio,Our object store,own,cold,archive,stored,GiB-month,0,0.004,USD,contract 17,2026-10
minio,Our object store,own,cold,archive,stored,GiB-month,1000,0.003,USD,contract 17,2026-10
minio,Our object store,own,cold,archive,write,10k operations,,0,USD,contract 17,2026-10
azure_cool_lrs_eastus,,azure,cool,,stored,GiB-month,,0.0100,USD,our agreement,2026-10
"""


def test_a_table_of_ones_own_adds_offers_and_overrides_shipped_ones() -> None:
    found = own_prices(read_price_list("own.csv", OWN.encode()), SHIPPED.tiers)
    laid = SHIPPED.with_offers(found.offers, found.name)
    assert laid.offer("minio").stored(TODAY).cost(np.array(1_500.0)) == pytest.approx(1_000 * 0.004 + 500 * 0.003)
    assert laid.offer("azure_cool_lrs_eastus").stored(TODAY).per_unit == 0.01
    assert laid.offer("azure_cool_lrs_eastus").stored(TODAY).layer == "imported"
    assert laid.offer("azure_cool_lrs_eastus").tariff("write").at(TODAY).layer == "shipped"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (",GiB-month,0,0.004", ",,0,0.004", "Row 2"),
        (",0.004,USD", ",four,USD", "value"),
        ("GiB-month,0,0.004", "GB per year,0,0.004", "unit"),
        ("contract 17,2026-10\nminio", ",2026-10\nminio", "source"),
    ],
)
def test_a_row_that_lacks_something_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(PriceError, match=said):
        own_prices(read_price_list("own.csv", OWN.replace(before, after, 1).encode()), SHIPPED.tiers)


# ── kept, and live ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_accepted_list_is_used_by_its_id_and_a_changed_one_is_not(tmp_path: Path) -> None:
    service = Service(tmp_path, TODAY)
    found, understood = service.pricing.inspect("own.csv", OWN.encode())
    assert understood.used == 4
    assert not (tmp_path / "prices").exists(), "nothing is stored before it is accepted"
    identity = service.pricing.accept(found)
    assert service.pricing.book(identity).offer("minio").title == "Our object store"
    stored = tmp_path / "prices" / f"{identity}.json"
    stored.write_text(stored.read_text("utf-8").replace("0.004", "0.001"), "utf-8")
    with pytest.raises(SourceError, match="changed"):
        service.pricing.book(identity)
    with pytest.raises(NotFoundError):
        service.pricing.book("../../etc/pw")


def test_live_prices_are_off_by_default(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match="switched off"):
        Service(tmp_path, TODAY).pricing.fetch("eastus")


class _Prices(http.server.BaseHTTPRequestHandler):
    """Two pages, and one that points elsewhere."""

    def do_GET(self) -> None:
        here = f"http://{self.headers['Host']}"
        pages = {
            "/first": {"Items": [row()], "NextPageLink": f"{here}/second"},
            "/second": {"Items": [row("Cool LRS Data Stored", 0.01)], "NextPageLink": None},
            "/astray": {"Items": [row()], "NextPageLink": "http://elsewhere.example/"},
            "/loop": {"Items": [row()], "NextPageLink": f"{here}/loop"},
            "/other": {"Nothing": []},
        }
        body = json.dumps(pages[self.path]).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def price_service() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Prices)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_page_of_the_live_service_is_fetched(price_service: str) -> None:
    found = read(*read_price_list("live.json", fetch_pages(f"{price_service}/first")))
    assert len(found.offers) == 2


@pytest.mark.parametrize(("page", "said"), [("astray", "another host"), ("loop", "pages"), ("other", "something else")])
def test_the_live_service_is_not_followed_everywhere(price_service: str, page: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        fetch_pages(f"{price_service}/{page}")


def test_a_service_that_does_not_answer_is_an_error_with_a_way_out() -> None:
    with pytest.raises(SourceError, match="did not answer"):
        fetch_pages("http://127.0.0.1:9/")
