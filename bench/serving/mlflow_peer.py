"""The same model as an mlflow pyfunc model. Usage: mlflow_peer.py FOLDER TARGET; serve TARGET with "mlflow models serve"."""
import json
import sys
from pathlib import Path

import mlflow.pyfunc
import numpy as np


class Scorer(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.model = json.loads(Path(context.artifacts["card"]).read_text())
        self.session = onnxruntime.InferenceSession(context.artifacts["onnx"], options, providers=["CPUExecutionProvider"])
        self.used = {given.name for given in self.session.get_inputs()}
        self.output = self.session.get_outputs()[0].name

    def predict(self, context, model_input, params=None):
        feeds = {}
        for feature in self.model["features"]:
            if feature["name"] not in self.used:
                continue
            column = model_input[feature["name"]]
            if feature["type"] == "text":
                values = column.fillna("").to_numpy(dtype=object)
            else:
                values = column.to_numpy(dtype=np.float64)
            feeds[feature["name"]] = values.reshape(-1, 1)
        return self.session.run([self.output], feeds)[0]


folder = Path(sys.argv[1])
artifacts = {"onnx": str(folder / "model.onnx"), "card": str(folder / "model.json")}
mlflow.pyfunc.save_model(sys.argv[2], python_model=Scorer(), artifacts=artifacts, pip_requirements=["onnxruntime"])
