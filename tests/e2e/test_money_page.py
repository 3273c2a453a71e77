"""The Money page: terms move the verdict and the link, every amount opens its source."""

from __future__ import annotations

import json
from collections.abc import Iterator

from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from tests.e2e.conftest import Open, Start, settled
from tests.e2e.test_pages import headline, html
from tests.unit.test_money_import import OWN


def texts(app: AppTest) -> str:
    return " ".join(each.value for kind in (app.markdown, app.caption, app.info) for each in kind)


def money(app: AppTest) -> dict[str, object]:
    found = app.query_params["money"]
    return dict(json.loads(found[0] if isinstance(found, list) else found))


def folds(app: AppTest) -> Iterator[str]:
    yield from (each.label for each in app.expander)


def test_the_first_screen_is_a_verdict_with_its_numbers(start: Start) -> None:
    app = start("money")
    assert "is worth it: we expect" in headline(app)
    assert "chance to lose money 0 %" in html(app)
    assert len(app.get("plotly_chart")) == 2, "the answer; everything else is one click away"
    assert "It gains on 100 % of the paths" in html(app)
    assert {"Primary storage no longer paid", "Archive storage", "Writing into the archive"} <= set(folds(app))
    assert "money" not in app.query_params, "nothing was touched yet"


def test_another_tier_moves_the_verdict_and_the_link(start: Start) -> None:
    app = start("money")
    app.selectbox(key="terms_archive").set_value("azure_archive_lrs_eastus").run()
    assert "Azure Blob archive" in headline(app)
    assert money(app)["archive"] == "azure_archive_lrs_eastus"
    again = start(
        "money",
        **{name: str(value) for name, value in dict(app.query_params).items()} | {"money": json.dumps(money(app))},
    )
    assert headline(again) == headline(app)
    app.button(key="reset_terms").click().run()
    assert "Azure Blob cool" in headline(app)
    assert "money" not in app.query_params


def test_a_tenant_under_its_quota_is_told_that_it_saves_nothing(start: Start) -> None:
    app = start("money")
    terms = linked_terms(app, quota_gb=20_000.0)
    told = start("money", money=terms)
    assert "not worth it" in headline(told)
    assert "under its quota" in headline(told)
    assert "Cash now: $0.00" in html(told)


def linked_terms(app: AppTest, **changes: object) -> str:
    """Return the terms of the page as its link would carry them, with some changed."""
    app.selectbox(key="terms_archive").set_value("azure_cold_lrs_eastus").run()
    return json.dumps({**money(app), "archive": "azure_cool_lrs_eastus", **changes})


def test_a_price_that_is_missing_stops_the_sum_and_names_what_to_do(start: Start) -> None:
    app = start("money")
    app.selectbox(key="terms_archive").set_value("gcs_nearline_us_central1").run()
    (error,) = app.error
    assert "Not priced" in error.value and "What to do" in error.value
    app.number_input(key="own_lacking_gcs_nearline_us_central1_write").set_value(0.1).run()
    assert not app.error, "a price that is lacking can be entered where it is missed"
    assert "Nearline" in headline(app)
    app.selectbox(key="terms_archive").set_value("azure_cold_lrs_eastus").run()
    assert not app.error


def test_a_stress_test_is_a_button(start: Start) -> None:
    app = opened(start, part="If it goes wrong")
    app.button(key="stress_restore").click().run()
    assert "Restore everything: getting" in texts(app)
    assert "Cost of the event" in html(app) and "Without" in html(app)
    app.button(key="stress_restore").click().run()
    assert "Restore everything: getting" not in texts(app)


def test_a_broken_link_says_so_and_still_shows_the_page(start: Start) -> None:
    app = start("money", money="{broken")
    assert "cannot be read" in app.error[0].value
    assert "Archiving to" in headline(app)


def test_a_link_to_a_price_list_or_tier_that_is_not_here_says_so(start: Start) -> None:
    terms = linked_terms(start("money"), imported="0123456789ab")
    assert "no price list" in start("money", money=terms).error[0].value
    terms = linked_terms(start("money"), archive="nowhere")
    assert "nowhere" in start("money", money=terms).error[0].value


def test_a_term_out_of_bounds_is_named_and_not_taken(start: Start) -> None:
    app = start("money")
    app.text_input(key="terms_account").set_value("soon").run()
    assert any("a month as 2027-03" in warning.value for warning in app.warning)
    assert "money" not in app.query_params


def opened(start: Start, *folds: str, part: str = "", **query: str) -> AppTest:
    """Return the page with some folds open, and one of its parts."""
    app = start("money", **query)
    if part:
        app.session_state["money_part"] = part
        app.run()
    for fold in folds:
        app.session_state[fold] = True
    return app.run()


def test_every_term_can_be_entered(start: Start) -> None:
    app = opened(start, "terms_Microsoft 365", "terms_Behaviour", "terms_Files", "terms_Project")
    app.number_input(key="terms_held_ratio").set_value(10.0).run()
    app.number_input(key="terms_one_off_cost").set_value(500.0).run()
    app.selectbox(key="terms_egress").set_value("internet").run()
    app.toggle(key="terms_high").set_value(True).run()
    assert {name: money(app)[name] for name in ("held_ratio", "one_off_cost", "egress", "high_priority")} == {
        "held_ratio": 0.1, "one_off_cost": 500.0, "egress": "internet", "high_priority": True,
    }  # fmt: skip
    assert "One-off project cost" in set(folds(app))


def test_licences_make_a_quota_and_versions_make_gb(start: Start) -> None:
    app = opened(start, "terms_Microsoft 365")
    app.number_input(key="licences").set_value(200)
    app.button[[button.label for button in app.button].index("Take as quota")].click().run()
    assert money(app)["quota_gb"] == 1024 + 2000
    app.number_input(key="version_content").set_value(20.0)
    trim = "Take as trimmed, evenly over the months shown"
    app.button[[button.label for button in app.button].index(trim)].click().run()
    assert money(app)["trimmed_gb_per_month"] == 20 * 90 / 24


def test_a_currency_needs_rate_and_date(start: Start) -> None:
    app = opened(start, "terms_currency_fold")
    convert = [button.label for button in app.button].index("Convert")
    app.text_input(key="currency_name").set_value("eur")
    app.button[convert].click().run()
    assert any("your rate and its date" in warning.value for warning in app.warning)
    app.number_input(key="currency_rate").set_value(0.9)
    app.text_input(key="currency_dated").set_value("2026-11-02")
    app.button[convert].click().run()
    assert "€" in headline(app)


def test_an_amount_opens_and_a_placeholder_is_confirmed(start: Start) -> None:
    app = opened(start, "line_primary", "prices_table")
    assert "three vendor price pages agree" in texts(app)
    app.selectbox(key="terms_primary").set_value("on_premises_nas").run()
    assert "too early to say" in headline(app)
    app.button(key="confirm_primary_on_premises_nas.stored").click().run()
    assert "too early" not in headline(app)
    app.toggle(key="decimal_primary_on_premises_nas_stored").set_value(True).run()
    assert money(app)["decimal"] == [["on_premises_nas", "stored"]]
    app.number_input(key="own_primary_on_premises_nas_stored").set_value(0.5).run()
    assert money(app)["own"] == [["on_premises_nas", "stored", 0.5]]


def test_lines_that_share_a_price_can_be_open_together(start: Start) -> None:
    app = opened(start, "line_archive", "line_small_files")
    assert "at least 128 KiB: from 2026-07 on in accounts created since then, from 2027-07 on in all" in texts(app)
    app.number_input(key="own_small_files_azure_cool_lrs_eastus_stored").set_value(0.02).run()
    assert app.number_input(key="own_archive_azure_cool_lrs_eastus_stored").value == 0.02


def test_every_part_is_one_click_away(start: Start) -> None:
    tiers = opened(start, "not_priced", "tiers_table", part="Tiers")
    assert "Not priced" in texts(tiers)
    tiers.selectbox(key="tier_bill").set_value("aws_deep_archive_us_east_1").run()
    assert "Index kept with each archived object" in html(tiers) and "Infracost golden file" in html(tiers)
    turn = opened(start, part="What could turn it")
    assert len(turn.get("plotly_chart")) == 3
    scopes = opened(start, "scopes_table", "scope_months_table", part="By scope")
    assert "largest remainders" in texts(scopes)
    assert "PUE 1.185" in texts(opened(start, part="Notes"))


def test_nothing_saved_under_a_quota_leads_to_its_formula_too(start: Start) -> None:
    terms = linked_terms(start("money"), quota_gb=20_000.0)
    app = opened(start, "line_primary", money=terms)
    assert "max(0, before − quota) − max(0, after − quota)" in texts(app)
    assert "0 GB × months × 0.2 USD per GiB-month" in html(app)


def test_an_event_whose_price_is_lacking_does_not_hide_the_verdict(start: Start) -> None:
    terms = linked_terms(start("money"), archive="azure_cool_lrs_westeurope")
    app = opened(start, part="If it goes wrong", money=terms)
    assert "is worth it" in headline(app)
    assert "read more than six months ago: Azure Blob cool, LRS, West Europe" in html(app)
    app.button(key="stress_restore").click().run()
    assert "Restore everything: Not priced: Azure Blob cool, LRS, West Europe, retrieval" in texts(app)


def test_in_the_browser_an_amount_opens_its_source_and_takes_another_price(visit: Open) -> None:
    page = visit("/money")
    first = page.locator("h1.headline").inner_text()
    page.get_by_test_id("stExpander").get_by_text("Archive storage", exact=True).click()
    expect(page.get_by_text("GB added to the archive so far")).to_be_visible()
    expect(page.get_by_text("Azure Retail Prices rows recorded 2026-09").first).to_be_visible()
    expect(page.get_by_text("0.0152 per GiB-month, USD (shipped with the product)")).to_be_visible()
    page.get_by_label("Your price per GiB-month").fill("0.15")
    page.get_by_label("Your price per GiB-month").press("Enter")
    expect(page.locator("h1.headline")).not_to_have_text(first)
    expect(page.get_by_text("Source: entered by you")).to_be_visible()
    page.reload()
    settled(page)
    expect(page.locator("h1.headline")).not_to_have_text(first)


def test_in_the_browser_a_price_list_is_looked_at_and_then_used(visit: Open) -> None:
    page = visit("/money")
    page.get_by_text("Import prices").click()
    listed = {"name": "own.csv", "mimeType": "text/csv", "buffer": OWN.encode()}
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(listed)
    expect(page.get_by_text("4 of 4 rows are used, for 2 tiers.")).to_be_visible()
    page.get_by_role("button", name="Use these prices").click()
    expect(page.locator("p.stamp")).to_contain_text("own.csv")
    expect(page.get_by_text("is in use")).to_be_visible()


def test_in_the_browser_the_answer_fits_two_screens_and_every_part_is_accessible(visit: Open, axe: str) -> None:
    page = visit("/money")
    bar = page.get_by_role("tab", name="Amounts and prices").bounding_box()
    assert bar is not None
    assert bar["y"] < 2 * 900
    page.evaluate(axe)  # a script tag is what the policy refuses
    for part in ("Amounts and prices", "Tiers", "What could turn it", "If it goes wrong", "By scope", "Notes"):
        page.get_by_role("tab", name=part).click()
        expect(page.get_by_role("tab", name=part)).to_have_attribute("aria-selected", "true")
        settled(page)
        found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']})")
        assert [fault["id"] for fault in found["violations"]] == [], part
