"""Runs our ONNX files with Python's onnxruntime on raw rows with missing and unseen values; the golden holds its answers.

usage: ml_onnx.py FOLDER   reads FOLDER/models (made by ml_onnx.ts), writes FOLDER/ml-stats-onnx.json
Fails where an answer is further than 1e-5 from the learner's own float64 prediction.
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

folder = Path(sys.argv[1])
golden = {"peers": {"onnxruntime": onnxruntime.__version__, "onnx": onnx.__version__}}
for file in sorted((folder / "models").glob("*.onnx")):
    case = json.loads(file.with_suffix(".json").read_text())
    onnx.checker.check_model(onnx.load(file), full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    feeds = {}
    for port in session.get_inputs():
        cells = case["columns"][port.name]
        if port.type == "tensor(string)":
            feeds[port.name] = np.array([["" if cell is None else cell] for cell in cells], dtype=object)
        else:
            feeds[port.name] = np.array([[np.nan if cell is None else cell] for cell in cells], dtype=np.float64)
    answers = session.run(None, feeds)[0].ravel()
    own = np.array(case["own"])
    worst = float(np.max(np.abs(answers - own) / np.maximum(1, np.abs(own))))
    if not worst <= 1e-5:
        sys.exit(f"{file.stem}: {worst} away from the learner's own prediction")
    golden[file.stem] = {"answers": answers.tolist()}
if len(golden) < 4:
    sys.exit("no models to run")
(folder / "ml-stats-onnx.json").write_text(json.dumps(golden, indent=1) + "\n")
