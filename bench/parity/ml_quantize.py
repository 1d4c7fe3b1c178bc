"""Golden for engine/ml/neural quantisation: what onnxruntime's own quantizer makes of a small network.

usage: ml_quantize.py FOLDER   writes FOLDER/ml-quantize.json
"""
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

folder = Path(sys.argv[1])
random = np.random.default_rng(12)
sizes = [6, 8, 5, 3]
weights = [random.normal(0, 0.6, (a, b)).astype(np.float32) for a, b in zip(sizes, sizes[1:])]
biases = [random.normal(0, 0.3, b).astype(np.float32) for b in sizes[1:]]
rows = random.normal(0, 1, (40, sizes[0])).astype(np.float32)

nodes, constants, x = [], [], "features"
for layer, (weight, bias) in enumerate(zip(weights, biases)):
    constants += [numpy_helper.from_array(weight, f"w{layer}"), numpy_helper.from_array(bias, f"b{layer}")]
    last = layer == len(weights) - 1
    out = "y" if last else f"sum{layer}"
    nodes.append(helper.make_node("Gemm", [x, f"w{layer}", f"b{layer}"], [out]))
    x = out
    if not last:
        nodes.append(helper.make_node("Relu", [out], [f"relu{layer}"]))
        x = f"relu{layer}"
graph = helper.make_graph(
    nodes,
    "network",
    [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, sizes[0]])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, sizes[-1]])],
    constants,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


class Rows(CalibrationDataReader):
    def __init__(self):
        self.left = iter([{"features": rows}])

    def get_next(self):
        return next(self.left, None)


with tempfile.TemporaryDirectory() as place:
    plain, whole = Path(place) / "plain.onnx", Path(place) / "int8.onnx"
    onnx.save(model, plain)
    quantize_static(
        str(plain),
        str(whole),
        Rows(),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        weight_type=QuantType.QInt8,
        activation_type=QuantType.QUInt8,
        calibrate_method=CalibrationMethod.MinMax,
    )
    made = onnx.load(whole)
    constants = {one.name: numpy_helper.to_array(one) for one in made.graph.initializer}
    session = onnxruntime.InferenceSession(str(whole), providers=["CPUExecutionProvider"])
    predictions = session.run(None, {"features": rows})[0]

as_list = lambda name: constants[name].tolist()
# a relu behind a Gemm is taken into it, under the name of either
hidden = [next(n for n in (f"relu{l}", f"sum{l}") if f"{n}_scale" in constants) for l in range(len(weights) - 1)]
points = ["features"] + hidden
out = {
    "peer": f"onnxruntime {onnxruntime.__version__} quantize_static, QDQ, per channel, min-max",
    "sizes": sizes,
    "weights": [weight.ravel().tolist() for weight in weights],
    "biases": [bias.tolist() for bias in biases],
    "rows": rows.ravel().tolist(),
    "whole": [constants[f"w{layer}_quantized"].ravel().tolist() for layer in range(len(weights))],
    "scales": [as_list(f"w{layer}_scale") for layer in range(len(weights))],
    "points": [{"scale": float(constants[f"{name}_scale"]), "zero": int(constants[f"{name}_zero_point"])} for name in points],
    "outputScale": float(constants.get("y_scale", 0)),
    "predictions": predictions.ravel().tolist(),
}
(folder / "ml-quantize.json").write_text(json.dumps(out))
