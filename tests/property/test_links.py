"""A scenario survives its link, and no link bends a value."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast_core import LEVERS, LeverError, Scenario, checked, from_query, readable_part, rescaled_mix, to_query
from tests.conftest import Ask
from tests.property.moves import ESTATES, MIX, scenarios

CODES = [lever.code for lever in LEVERS]


@pytest.mark.parametrize("name", ESTATES)
@settings(max_examples=10)
@given(data=st.data())
def test_there_and_back_is_the_same_scenario(ask: Ask, name: str, data: st.DataObject) -> None:
    known = ask(name).known
    scenario = data.draw(scenarios(known))
    assert checked(scenario, known) is scenario
    query = to_query(scenario)
    again = from_query(query, known)
    assert again.id == scenario.id
    assert dict(again.values) == dict(scenario.values)
    assert to_query(again) == query
    assert set(query) == {"v", "d", "scope"} | {item.lever.code for item in known.available()}
    assert Scenario(again.dataset_id, again.scope, again.values, "another name").id == scenario.id


@settings(max_examples=40)
@given(data=st.data())
def test_another_value_is_another_scenario(ask: Ask, data: st.DataObject) -> None:
    known = ask().known
    one, other = data.draw(scenarios(known)), data.draw(scenarios(known))
    assert (one.id == other.id) == (dict(one.values) == dict(other.values))
    assert (to_query(one) == to_query(other)) == (one.id == other.id)


@settings(max_examples=80)
@given(data=st.data())
def test_a_bad_link_is_refused_and_its_good_part_kept(ask: Ask, data: st.DataObject) -> None:
    known = ask().known
    scenario = data.draw(scenarios(known))
    query = to_query(scenario)
    junk = st.one_of(st.text(max_size=20), st.floats().map(str), st.integers().map(str))
    broken = data.draw(st.dictionaries(st.sampled_from([*CODES, "colour"]), junk, min_size=1, max_size=4))
    query |= broken
    try:
        read = from_query(query, known)
    except LeverError as error:
        assert error.faults
        assert all(fault.what and fault.allowed for fault in error.faults)
        kept = readable_part(query, known, error.faults)
        checked(kept, known)
        faulty = {fault.lever for fault in error.faults}
        codes = {lever.name: lever.code for lever in LEVERS}
        untouched = [name for name in scenario.values if codes[name] not in broken and name not in (*faulty, *MIX)]
        assert all(kept.values[name] == scenario.values[name] for name in untouched)
    else:
        checked(read, known)
        assert all(from_query(to_query(read), known).values[name] == value for name, value in read.values.items())


@settings(max_examples=200)
@given(
    shares=st.lists(st.integers(0, 10_000), min_size=3, max_size=3),
    moved=st.sampled_from(MIX),
    to=st.integers(0, 10_000),
)
def test_moving_a_share_leaves_a_possible_mix(shares: list[int], moved: str, to: int) -> None:
    total = max(sum(shares), 10_000)
    values = {name: int(share / total * 10_000) / 10_000 for name, share in zip(MIX, shares, strict=True)}
    found = rescaled_mix(values, moved, to / 10_000)
    assert found[moved] == to / 10_000
    assert sum(found.values()) <= 1 + 1e-9
    others = [name for name in MIX if name != moved]
    assert all(0 <= found[name] <= values[name] for name in others)
    if sum(values[name] for name in others) + to / 10_000 <= 1:
        assert all(found[name] == values[name] for name in others)
    first, second = others
    assert abs(found[first] * values[second] - found[second] * values[first]) <= 2e-4
