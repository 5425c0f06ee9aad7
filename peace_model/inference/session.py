"""The running graph: where it runs, with how many threads, and whether it is the graph its bundle describes.

Providers are onnxruntime's execution providers under the names a person chooses from. What was asked for and what
runs may differ (a driver is missing); `Session.provider` is what runs, `Session.fallback` says why in a sentence.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as _state

from peace_model.inference.bundle import Bundle
from peace_model.inference.bundle_fields import BundleError
from peace_model.inference.one_output import only_output
from peace_model.words import worded

Provider = Literal["auto", "cpu", "cuda", "directml", "coreml"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)

_NAMES = {
    "cuda": "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "cpu": "CPUExecutionProvider",
}
"""In the order `auto` prefers them."""

MAX_THREADS = 4
"""One 10-s window does not fill more cores; the others belong to the window and the person's other work."""

# onnxruntime's exceptions share no base class below Exception.
_PROVIDER_ERRORS = (_state.Fail, _state.EPFail, _state.RuntimeException, _state.NotImplemented,
                    _state.InvalidArgument, _state.EngineError, RuntimeError, ValueError)
_GRAPH_ERRORS = (*_PROVIDER_ERRORS, _state.InvalidGraph, _state.InvalidProtobuf, _state.NoModel)

_INPUTS = ("signal", "lead_mask", "valid_samples", "age_days")
_OUTPUTS = ("logits", "attention", "gradcam")
_ABNORMALITIES = "abnormalities"
"""The output of a bundle that has such a head."""
_DTYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64,
           "tensor(int32)": np.int32}


@dataclass(frozen=True, eq=False)
class GraphOutput:
    """What the graph says of B windows: logits (B, C), attention (B, C, T), gradcam (B, C, T), all float32.

    abnormalities: logits (B, A) of the head for them; None where the bundle has none.
    """

    logits: NDArray[np.float32]
    attention: NDArray[np.float32]
    gradcam: NDArray[np.float32]
    abnormalities: NDArray[np.float32] | None = None


def available_providers() -> tuple[Provider, ...]:
    """The providers this installation's onnxruntime was built with, best first; "cpu" is always the last."""
    built = onnxruntime.get_available_providers()
    return tuple(choice for choice in PROVIDERS if _NAMES.get(choice) in built and choice != "cpu") + ("cpu",)


def physical_cores() -> int:
    """Cores this process may run on, two hardware threads of one core counted once where the system tells."""
    if sys.platform != "linux":
        # Elsewhere the standard library counts hardware threads only; half of them is right for most machines.
        return max(1, (os.cpu_count() or 2) // 2)
    siblings = set()
    for cpu in os.sched_getaffinity(0):
        topology = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        siblings.add(topology.read_text(encoding="ascii") if topology.exists() else str(cpu))
    return len(siblings)


class Session:
    """A bundle's graph, running. One thread at a time may call `run` and `logits`.

    without_maps: starts the graph that gives the logits alone; called when they are first asked for.
    """

    def __init__(self, session: onnxruntime.InferenceSession, *,
                 without_maps: Callable[[], onnxruntime.InferenceSession], provider: str, fallback: str) -> None:
        self._session = session
        self._outputs = (*_OUTPUTS, _ABNORMALITIES)[:len(session.get_outputs())]
        self._start_without_maps = without_maps
        self._dtypes = {item.name: _DTYPES[item.type] for item in session.get_inputs()}
        self.provider = provider
        self.fallback = fallback

    def run(self, *, signal: NDArray[Any], lead_mask: NDArray[Any], valid_samples: NDArray[Any],
            age_days: NDArray[Any]) -> GraphOutput:
        """signal (B, 12, N), lead_mask (B, 12), valid_samples (B,), age_days (B,) with NaN for unknown."""
        feed = self._feed(signal, lead_mask, valid_samples, age_days)
        return GraphOutput(*self._session.run(list(self._outputs), feed))

    def logits(self, *, signal: NDArray[Any], lead_mask: NDArray[Any], valid_samples: NDArray[Any],
               age_days: NDArray[Any]) -> NDArray[np.float32]:
        """The logits (B, C) of the same inputs, without the work that only the maps need."""
        feed = self._feed(signal, lead_mask, valid_samples, age_days)
        found: NDArray[np.float32] = self._without_maps.run([_OUTPUTS[0]], feed)[0]
        return found

    @cached_property
    def _without_maps(self) -> onnxruntime.InferenceSession:
        return self._start_without_maps()

    def _feed(self, signal: NDArray[Any], lead_mask: NDArray[Any], valid_samples: NDArray[Any],
              age_days: NDArray[Any]) -> dict[str, NDArray[Any]]:
        values = {"signal": signal, "lead_mask": lead_mask, "valid_samples": valid_samples, "age_days": age_days}
        return {name: np.ascontiguousarray(values[name], dtype=dtype) for name, dtype in self._dtypes.items()}


def open_session(bundle: Bundle, *, provider: Provider = "auto", threads: int | None = None) -> Session:
    """Make and warm up the session of a bundle.

    provider: "auto" takes the best one that works. One that is not available, or fails, falls back to the CPU and
    says so in `Session.fallback`. threads: of one operator; None takes the physical cores, 4 at most.
    Raises BundleError when the graph cannot be run or is not the one bundle.json describes.
    """
    available = available_providers()
    wanted = available[0] if provider == "auto" else provider
    fallback = ""
    if wanted not in available:
        fallback = f"{wanted} is not part of this installation of onnxruntime; running on the CPU"
    elif wanted != "cpu":
        try:
            return _start(bundle, wanted, threads)
        except _PROVIDER_ERRORS:
            fallback = f"{wanted} cannot run this model here; running on the CPU"
    try:
        return _start(bundle, "cpu", threads, fallback)
    except _GRAPH_ERRORS as error:
        raise BundleError(bundle.graph_file, "graph", "cannot be run by this version of onnxruntime",
                          "update the application, or export the bundle again") from error


def _start(bundle: Bundle, choice: str, threads: int | None, fallback: str = "") -> Session:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads if threads is not None else min(MAX_THREADS, physical_cores())
    options.inter_op_num_threads = 1
    # Threads that spin while they wait take a third more processor time and slow the window's own drawing.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # A plan of all memory at once saves no time on windows of one length, and keeps what the largest batch needed.
    options.enable_mem_pattern = False
    options.log_severity_level = 4  # a missing driver is told in a sentence, not on the console
    names = [_NAMES[choice]] if choice == "cpu" else [_NAMES[choice], _NAMES["cpu"]]
    session = onnxruntime.InferenceSession(bundle.graph, sess_options=options, providers=names)
    _check_graph(bundle, session)

    def without_maps() -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(
            only_output(bundle.graph, _OUTPUTS[0]), sess_options=options, providers=names)

    running = session.get_providers()[0]
    real = next((known for known, name in _NAMES.items() if name == running), running)
    if real != choice:
        fallback = f"{choice} could not be started here; running on {real}"
    started = Session(session, without_maps=without_maps, provider=real, fallback=fallback)
    _warm_up(started, bundle)
    return started


def _warm_up(session: Session, bundle: Bundle) -> None:
    """One empty window, so that the first recording does not pay for memory plans and kernels."""
    n_samples = bundle.pipeline.window_samples
    session.run(signal=np.zeros((1, 12, n_samples), np.float32), lead_mask=np.ones((1, 12), np.float32),
                valid_samples=np.full(1, n_samples), age_days=np.full(1, np.nan, np.float32))


def _check_graph(bundle: Bundle, session: onnxruntime.InferenceSession) -> None:
    n_labels, n_samples, count = len(bundle.labels), bundle.pipeline.window_samples, bundle.tokens.count
    wanted = {
        "signal": (12, n_samples), "lead_mask": (12,), "valid_samples": (), "age_days": (),
        "logits": (n_labels,), "attention": (n_labels, count), "gradcam": (n_labels, count),
        _ABNORMALITIES: (len(bundle.abnormalities),),
    }
    named = (*_OUTPUTS, _ABNORMALITIES) if bundle.abnormalities else _OUTPUTS
    inputs = {item.name: item for item in session.get_inputs()}
    outputs = {item.name: item for item in session.get_outputs()}
    for kind, names, found in (("input", _INPUTS, inputs), ("output", named, outputs)):
        if set(found) != set(names):
            raise _graph_error(bundle, f"{kind}s", worded(
                "are {found}, expected {names}", found=sorted(found), names=sorted(names)))
        for name in names:
            shape = tuple(found[name].shape)[1:]
            if shape != wanted[name]:
                raise _graph_error(bundle, f"{kind} {name}", worded(
                    "has the shape (B, {shape}), bundle.json asks for (B, {wanted})", shape=_listed(shape),
                    wanted=_listed(wanted[name])))
    for name, item in inputs.items():
        if item.type not in _DTYPES:
            raise _graph_error(bundle, f"input {name}", worded(
                "is {type}, which is not a number type of a bundle", type=item.type))


def _listed(shape: tuple[Any, ...]) -> str:
    return ", ".join(str(size) for size in shape)


def _graph_error(bundle: Bundle, field: str, problem: str) -> BundleError:
    return BundleError(bundle.graph_file, field, problem,
                       "the graph and bundle.json do not belong together: copy the whole bundle folder again")
