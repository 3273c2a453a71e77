"""How much one may ask: exact in every span, forgotten after it, and counted for each name alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.access.limits import SIGN_IN_NAME, SIGN_IN_PLACE, Limits, Window

SPAN = 60.0


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 40)), max_size=60), st.integers(1, 5))
def test_no_span_holds_more_than_is_allowed_and_no_one_waits_for_another(
    asked: list[tuple[str, float]], most: int
) -> None:
    clock = Clock()
    window, let_in = Window(most, SPAN, clock), []
    for name, pause in asked:
        clock.now += pause
        before = [when for who, when in let_in if who == name and when > clock.now - SPAN]
        wait = window.wait(name)
        assert (wait == 0) == (len(before) < most)
        if wait:
            assert 0 < wait <= SPAN + 1 and before[0] + SPAN <= clock.now + wait
        else:
            let_in.append((name, clock.now))


def test_names_that_came_long_ago_are_forgotten() -> None:
    clock = Clock()
    window = Window(3, SPAN, clock)
    for number in range(1000):
        clock.now += 1
        window.wait(f"name {number}")
    assert len(window._hits) <= SPAN


def test_attempts_are_counted_by_name_and_by_place() -> None:
    limits = Limits(10, Clock())
    assert [limits.attempt("Ann", "here") for _ in range(SIGN_IN_NAME)] == [0] * SIGN_IN_NAME
    assert limits.attempt("ann ".strip(), "here") > 0 and limits.attempt("ann", "there") == 0
    others = [limits.attempt(f"guess {number}", "here") for number in range(SIGN_IN_PLACE)]
    assert others.count(0) == SIGN_IN_PLACE - SIGN_IN_NAME - 1, "whoever is guessed at, a place has so many"
