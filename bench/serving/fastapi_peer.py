"""FastAPI and onnxruntime as people write it: pydantic checks the rows, one session answers. Usage: fastapi_peer.py FOLDER PORT"""
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, create_model

folder = Path(sys.argv[1])
model = json.loads((folder / "model.json").read_text())
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
used = {given.name for given in session.get_inputs()}
output = session.get_outputs()[0].name
features = [feature for feature in model["features"] if feature["name"] in used]
types = {"text": str, "image": str, "boolean": bool, "date": str}
fields = {f["name"]: (types.get(f["type"], float) | None, ...) for f in model["features"]}
Row = create_model("Row", **fields)


class Rows(BaseModel):
    rows: list[Row]


app = FastAPI()


@app.post("/v1/predict")
def predict(body: Rows):
    feeds = {}
    for feature in features:
        values = [getattr(row, feature["name"]) for row in body.rows]
        if feature["type"] == "text":
            array = np.array(["" if value is None else value for value in values], dtype=object)
        else:
            array = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        feeds[feature["name"]] = array.reshape(-1, 1)
    scores = session.run([output], feeds)[0]
    positive = model["classes"].index(model["positive"])
    decided = [positive if row[positive] >= model["threshold"] else 1 - positive for row in scores]
    return {"predictions": [{"decision": model["classes"][d], "score": float(row[positive])} for d, row in zip(decided, scores)]}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
