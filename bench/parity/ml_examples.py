"""Every model file of the worked pipelines in Python's onnxruntime, on raw rows with gaps and words nobody has seen.

usage: ml_examples.py FOLDER   reads FOLDER/models (made by ml_examples.ts), writes FOLDER/ml-examples.json
Fails where an answer is further than 1e-5 from the learner's own.
"""
import base64
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

folder = Path(sys.argv[1])


def feed(port, case):
    cells = case["columns"][port.name]
    image = case["images"].get(port.name)
    if image:
        shape = (len(cells), image["height"], image["width"], image["channels"])
        return np.frombuffer(b"".join(base64.b64decode(cell) for cell in cells), np.uint8).reshape(shape)
    if port.type == "tensor(string)":
        return np.array([["" if cell is None else cell] for cell in cells], dtype=object)
    return np.array([[np.nan if cell is None else cell] for cell in cells], dtype=np.float64)


golden = {"peers": {"onnxruntime": onnxruntime.__version__}}
for file in sorted((folder / "models").glob("*.onnx")):
    case = json.loads(file.with_suffix(".json").read_text())
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    answers = session.run(None, {port.name: feed(port, case) for port in session.get_inputs()})[0].ravel()
    own = np.array(case["own"])
    worst = float(np.max(np.abs(answers - own) / np.maximum(1, np.abs(own))))
    print(f"{file.stem}: {len(own)} answers, at most {worst:.1e} away from {'float64' if case['exact'] else 'Node'}")
    if not worst <= 1e-5:
        sys.exit(f"{file.stem}: {worst} away from the learner's own")
    golden[file.stem] = {"answers": len(own), "within": 1e-5}
if len(golden) < 12:
    sys.exit("too few models")
(folder / "ml-examples.json").write_text(json.dumps(golden, indent=1) + "\n")
