"""The same ONNX graph for one of its outputs: the nodes that only other outputs need are left out.

onnxruntime computes every node of a graph whichever outputs are asked for (seen in 1.31; its run option
`only_execute_path_to_fetches` changes nothing), and the maps cost as much as the logits. The application has no onnx
package, so the file is edited as protocol buffer fields; their numbers are those of onnx.proto, which never change.
"""

from collections.abc import Iterator

_MODEL_GRAPH = 7
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_OUTPUT = 1, 5, 12
_NODE_INPUT, _NODE_OUTPUT, _NODE_ATTRIBUTE = 1, 2, 5
_ATTRIBUTE_GRAPHS = (6, 11)
_INITIALIZER_NAME, _VALUE_NAME = 8, 1

Field = tuple[int, bytes, bytes]
"""(number, payload, the whole field with its tag)."""


def only_output(model: bytes, name: str) -> bytes:
    """A model that computes this output alone, with the same numbers.

    A model with graphs inside its nodes is given back as it is. Raises ValueError for bytes that are no model, or one
    without that output.
    """
    parts = []
    for number, payload, whole in _fields(model):
        parts.append(_field(number, _one_output(payload, name)) if number == _MODEL_GRAPH else whole)
    return b"".join(parts)


def _one_output(graph: bytes, name: str) -> bytes:
    fields = list(_fields(graph))
    outputs = [_text(payload, _VALUE_NAME) for number, payload, _whole in fields if number == _GRAPH_OUTPUT]
    if name not in outputs:
        raise ValueError(f"the graph has no output {name}")
    nodes = [list(_fields(payload)) for number, payload, _whole in fields if number == _GRAPH_NODE]
    if any(_holds_a_graph(node) for node in nodes):
        return graph
    needed = {name}
    kept = set()
    # Nodes stand in an order in which each comes after those it needs.
    for place in range(len(nodes) - 1, -1, -1):
        if needed & {payload.decode() for number, payload, _whole in nodes[place] if number == _NODE_OUTPUT}:
            kept.add(place)
            needed |= {payload.decode() for number, payload, _whole in nodes[place] if number == _NODE_INPUT}
    parts, place = [], -1
    for number, payload, whole in fields:
        place += number == _GRAPH_NODE
        if ((number == _GRAPH_NODE and place not in kept)
                or (number == _GRAPH_OUTPUT and _text(payload, _VALUE_NAME) != name)
                or (number == _GRAPH_INITIALIZER and _text(payload, _INITIALIZER_NAME) not in needed)):
            continue
        parts.append(whole)
    return b"".join(parts)


def _holds_a_graph(node: list[Field]) -> bool:
    return any(number in _ATTRIBUTE_GRAPHS
               for kind, payload, _whole in node if kind == _NODE_ATTRIBUTE
               for number, _inner, _all in _fields(payload))


def _text(message: bytes, wanted: int) -> str:
    return next((payload.decode() for number, payload, _whole in _fields(message) if number == wanted), "")


def _fields(message: bytes) -> Iterator[Field]:
    """The fields of a protocol buffer message in their order. Raises ValueError where it is none."""
    at = 0
    while at < len(message):
        begin = at
        tag, at = _varint(message, at)
        kind = tag & 7
        if kind == 0:
            start, end = at, _varint(message, at)[1]
        elif kind == 2:
            length, start = _varint(message, at)
            end = start + length
        elif kind in (1, 5):
            start, end = at, at + (8 if kind == 1 else 4)
        else:
            raise ValueError("not a protocol buffer message")
        if end > len(message):
            raise ValueError("a protocol buffer message that is cut off")
        yield tag >> 3, message[start:end], message[begin:end]
        at = end


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while at < len(message) and shift < 64:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    raise ValueError("a protocol buffer message that is cut off")


def _field(number: int, payload: bytes) -> bytes:
    return _as_varint(number << 3 | 2) + _as_varint(len(payload)) + payload


def _as_varint(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
