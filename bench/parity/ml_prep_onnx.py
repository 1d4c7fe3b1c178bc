"""Runs our preparations as ONNX with Python's onnxruntime on raw rows: missing, unseen, empty, infinite, before 1970, in
capitals. The golden holds its answers.

usage: ml_prep_onnx.py FOLDER   reads FOLDER/models (made by ml_prep_onnx.ts), writes FOLDER/ml-prep-onnx.json
Fails where an answer is further than 1e-9 from our own float64 matrix.
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
    onnx.checker.check_model(onnx.load(file))
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
    if not worst <= 1e-9:
        sys.exit(f"{file.stem}: {worst} away from our own matrix")
    golden[file.stem] = {"answers": answers.tolist()}
if len(golden) < 4:
    sys.exit("no models to run")
(folder / "ml-prep-onnx.json").write_text(json.dumps(golden) + "\n")
