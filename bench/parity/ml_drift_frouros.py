# group: frouros
"""Goldens for engine/ml/drift: distances of two samples by frouros, on seeded data.

usage: ml_drift_frouros.py FOLDER   writes FOLDER/ml-drift-frouros.json
Its bins are ten of equal width over both samples; none is empty here, as its stability index is not defined otherwise.
Its Jensen-Shannon distance does not go with its other two of the same bins, so SciPy's is the peer for that.
"""
import importlib.metadata
import json
import sys
from pathlib import Path

import numpy as np
from frouros.detectors.data_drift import EMD, PSI, HellingerDistance, KSTest

random = np.random.default_rng(47)
distances = []
for a, b in [(1.2, 1.2), (1.0, 1.4), (0.8, 1.6)]:
    before = np.round(4 * random.beta(1.2, 1.2, 400), 4)
    after = np.round(4 * random.beta(a, b, 300), 4)
    case = {"before": before.tolist(), "after": after.tolist()}
    for name, made in {"psi": PSI(num_bins=10), "hellinger": HellingerDistance(num_bins=10), "wasserstein": EMD()}.items():
        made.fit(X=before)
        case[name] = float(made.compare(X=after)[0].distance)
    test = KSTest()
    test.fit(X=before)
    found = test.compare(X=after)[0]
    case |= {"ks": float(found.statistic), "ksPValue": float(found.p_value)}
    distances.append(case)

golden = {"peers": {"frouros": importlib.metadata.version("frouros")}, "distances": distances}
(Path(sys.argv[1]) / "ml-drift-frouros.json").write_text(json.dumps(golden) + "\n")
