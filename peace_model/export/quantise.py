"""An 8-bit form of a graph: static QDQ, convolutions only.

Convolutions carry nearly all of the work and lose least; the label query network stays in float, so that the maps'
gradients keep their grain.
"""

import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
from numpy.typing import NDArray

_BATCH = 16

Feed = Mapping[str, NDArray[Any]]


def quantise(model: onnx.ModelProto, feeds: Sequence[Feed]) -> onnx.ModelProto:
    """A copy whose convolutions compute in 8 bits. feeds: prepared windows of the training part, by input name."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime.quantization has no types
        def __init__(self) -> None:
            self._left: Iterator[Feed] = iter(feeds)

        def get_next(self) -> Feed | None:
            return next(self._left, None)

    logger = logging.getLogger()
    level = logger.level
    with tempfile.TemporaryDirectory() as place:
        given, inferred, made = (Path(place) / name for name in ("float.onnx", "inferred.onnx", "int8.onnx"))
        onnx.save(model, given)
        logger.setLevel(logging.ERROR)  # it advises to pre-process, which has been done
        try:
            quant_pre_process(given, inferred, skip_symbolic_shape=True, skip_optimization=True)
            quantize_static(
                inferred, made, Reader(), quant_format=QuantFormat.QDQ, op_types_to_quantize=["Conv"], per_channel=True,
                activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                # Sums of two products overflow 16 bits on processors without VNNI; seven bits a weight cannot.
                reduce_range=True)
        finally:
            logger.setLevel(level)
        return onnx.load(made)


def feeds_of(given: Feed) -> list[Feed]:
    """Windows in batches."""
    count = len(next(iter(given.values())))
    return [{name: values[first: first + _BATCH] for name, values in given.items()}
            for first in range(0, count, _BATCH)]
