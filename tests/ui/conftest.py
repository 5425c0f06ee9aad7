"""Fixtures of the window's tests."""

from window_cases import begin, children, confirm, no_lane_is_left, predictor, running

__all__ = ["begin", "children", "confirm", "no_lane_is_left", "predictor", "running"]
