# group: interpret
"""Goldens for engine/ml/trees/explainable-boosting: held-out losses of InterpretML's machines on seeded data, one a seed.

usage: ml_additive.py FOLDER   writes FOLDER/ml-additive.json
"""
import json
import sys
import warnings
from pathlib import Path

import interpret
import numpy as np
from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor
from sklearn.metrics import log_loss, mean_squared_error

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
random = np.random.default_rng(51)
x = np.round(random.uniform(-2, 2, size=(1800, 5)), 2)
x[random.random(1800) < 0.1, 1] = np.nan
b = np.where(np.isnan(x[:, 1]), 1.5, np.abs(x[:, 1]))
truth = np.sin(2 * x[:, 0]) + b + 0.7 * x[:, 2] * x[:, 3]
numbers = np.round(truth + 0.5 * random.normal(size=1800), 3)
binary = (random.random(1800) < 1 / (1 + np.exp(1.5 - 1.5 * truth))).astype(int)
train, test = slice(0, 1200), slice(1200, 1800)


def losses(kind, target, score, seeds=6):
    found = []
    for seed in range(seeds):
        model = kind(interactions=2, outer_bags=1, validation_size=0.25, random_state=seed, n_jobs=1).fit(x[train], target[train])
        found.append(float(score(model)))
    return found, [sorted(term) for term in model.term_features_ if len(term) == 2]


squared, pairs = losses(ExplainableBoostingRegressor, numbers, lambda model: mean_squared_error(numbers[test], model.predict(x[test])))
logistic, _ = losses(ExplainableBoostingClassifier, binary, lambda model: log_loss(binary[test], model.predict_proba(x[test])[:, 1]))
golden = {
    "peers": {"interpret-core": interpret.__version__},
    "x": [[None if np.isnan(value) else float(value) for value in row] for row in x],
    "numbers": numbers.tolist(),
    "binary": binary.tolist(),
    "train": 1200,
    "squared": squared,
    "logistic": logistic,
    "pairs": pairs,
}
(folder / "ml-additive.json").write_text(json.dumps(golden) + "\n")
