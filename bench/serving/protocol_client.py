"""Asks a server with clients from PyPI: tritonclient speaks the Open Inference Protocol, openapi-spec-validator reads the
description. Usage: protocol_client.py ORIGIN MODEL, rows as JSON on standard input. Prints JSON."""
import json
import sys
import urllib.request

import numpy as np
import tritonclient.http as triton
from openapi_spec_validator import validate

origin, name = sys.argv[1], sys.argv[2]
rows = json.load(sys.stdin)
client = triton.InferenceServerClient(origin.removeprefix("http://"))
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(name)
metadata = client.get_model_metadata(name)
inputs = []
for given in metadata["inputs"]:
    cells = [row[given["name"]] for row in rows]
    if given["datatype"] == "BYTES":
        array = np.array([["" if cell is None else cell] for cell in cells], dtype=object)
    else:
        array = np.array([[np.nan if cell is None else cell] for cell in cells], dtype=np.float64)
    tensor = triton.InferInput(given["name"], array.shape, given["datatype"])
    tensor.set_data_from_numpy(array, binary_data=False)
    inputs.append(tensor)
outputs = [triton.InferRequestedOutput(out["name"], binary_data=False) for out in metadata["outputs"]]
answer = client.infer(name, inputs, outputs=outputs, request_id="parity")
with urllib.request.urlopen(f"{origin}/openapi.json") as response:
    validate(json.load(response))
print(json.dumps({
    "id": answer.get_response()["id"],
    "version": answer.get_response()["model_version"],
    "probabilities": answer.as_numpy("probabilities").tolist(),
    "decision": [str(cell) for cell in answer.as_numpy("decision").reshape(-1)],
}))
