# group: boruta
"""Golden for engine/ml/select/boruta.ts: BorutaPy with the corrections of the original R package (two_step=False).

usage: ml_boruta.py FOLDER   writes FOLDER/ml-boruta.json
"""
import json
import sys
from pathlib import Path

import boruta
import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier

folder = Path(sys.argv[1])
alpha = 0.01


def decisions(features, runs):
    """What BorutaPy says after so many runs of a feature with each number of hits; 1 confirmed, -1 rejected."""
    selector = boruta.BorutaPy(None, alpha=alpha, two_step=False)
    found = []
    for hits in range(runs + 1):
        undecided = np.zeros(features, dtype=int)
        counts = np.full(features, runs // 2)
        counts[0] = hits
        found.append(int(selector._do_tests(undecided, counts, runs)[0]))
    return found


random = np.random.default_rng(8)
rows = 240
columns = np.round(random.normal(0, 1, (rows, 8)), 4)
columns[:, 3] = np.round(columns[:, 0] + 0.5 * random.normal(0, 1, rows), 4)
labels = (columns[:, 0] + columns[:, 1] + 0.25 * columns[:, 2] + 0.5 * random.normal(0, 1, rows) > 0).astype(int)

verdicts = []
for seed in range(12):
    forest = RandomForestClassifier(n_estimators=60, random_state=seed)
    selector = boruta.BorutaPy(forest, n_estimators=60, alpha=alpha, two_step=False, max_iter=41, random_state=seed)
    selector.fit(columns, labels)
    verdicts.append([1 if sure else 0 if maybe else -1 for sure, maybe in zip(selector.support_, selector.support_weak_)])

out = {
    "peer": f"BorutaPy {getattr(boruta, '__version__', '0.4.3')} (two_step=False), scikit-learn {sklearn.__version__}",
    "alpha": alpha,
    "decisions": [{"features": f, "runs": r, "verdicts": decisions(f, r)} for f, r in [(1, 8), (3, 12), (8, 20), (20, 40), (60, 99)]],
    "x": columns.tolist(),
    "y": labels.tolist(),
    "verdicts": verdicts,
}
(folder / "ml-boruta.json").write_text(json.dumps(out))
