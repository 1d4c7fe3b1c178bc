"""Goldens for nodes/explain/shap: shap on the very trees and the very file of a boosted model of three classes.

usage: ml_explain_node.py FOLDER   reads FOLDER/case.laid (made by ml_explain_node.ts), writes FOLDER/ml-explain-node.json
Trees: TreeExplainer on the ensemble as a dictionary, interventional and path-dependent. File: KernelExplainer on
onnxruntime's probabilities with every coalition. Each row is compared with all rows.
"""
import base64
import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import numpy as np
import onnxruntime
import shap

folder = Path(sys.argv[1])
case = json.loads((folder / "case.laid").read_text())
x = np.array(case["x"], dtype=np.float64)
ensemble = case["trees"]
outputs = ensemble["outputs"]


def plain(tree):
    thresholds = [np.inf if bound is None else bound for bound in tree["threshold"]]
    leaf = np.array(tree["feature"]) < 0
    left, right = (np.where(leaf, -1, tree[side]).astype(np.int32) for side in ("left", "right"))
    return {
        "children_left": left,
        "children_right": right,
        "children_default": np.where(np.array(tree["missingLeft"]) == 1, left, right).astype(np.int32),
        "features": np.array(tree["feature"], dtype=np.int32),
        "thresholds": np.array(thresholds, dtype=np.float64),
        "values": np.array(tree["value"], dtype=np.float64).reshape(-1, 1),
        "node_sample_weight": np.array(tree["cover"], dtype=np.float64),
    }


def explain(output, way, data):
    trees = [plain(tree) for index, tree in enumerate(ensemble["trees"]) if index % outputs == output]
    model = {"trees": trees, "base_offset": ensemble["base"][output], "input_dtype": np.float64, "internal_dtype": np.float64}
    explainer = shap.TreeExplainer(model, data=data, feature_perturbation=way)
    values = np.asarray(explainer.shap_values(x, check_additivity=False)).reshape(x.shape)
    return {"base": float(np.ravel(explainer.expected_value)[0]), "values": values.tolist()}


session = onnxruntime.InferenceSession(base64.b64decode(case["onnx"]), providers=["CPUExecutionProvider"])


def scores(rows):
    feed = {name: np.ascontiguousarray(rows[:, [j]], dtype=np.float64) for j, name in enumerate(case["names"])}
    return session.run(None, feed)[0].astype(np.float64)


kernel = shap.KernelExplainer(scores, x)
values = np.asarray(kernel.shap_values(x[:6], nsamples=2 ** x.shape[1], l1_reg=0, silent=True))
golden = {
    "peers": {"shap": shap.__version__, "onnxruntime": onnxruntime.__version__},
    **case,
    "interventional": [explain(output, "interventional", x) for output in range(outputs)],
    "path": [explain(output, "tree_path_dependent", None) for output in range(outputs)],
    "kernel": [
        {"base": float(kernel.expected_value[output]), "values": values[:, :, output].tolist()} for output in range(outputs)
    ],
}
(folder / "ml-explain-node.json").write_text(json.dumps(golden) + "\n")
