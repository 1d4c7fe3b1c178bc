"""Goldens for engine/ml/{trees,tree-shap}: LightGBM's model, its SHAP values and shap's interventional ones on seeded data.

usage: ml_trees.py FOLDER   writes FOLDER/ml-trees.json
"""
import json
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np
import shap
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import log_loss

folder = Path(sys.argv[1])
random = np.random.default_rng(11)
x = np.round(random.normal(size=(1600, 6)), 3)
x[random.random(x.shape) < 0.05] = np.nan
signal = np.nan_to_num(x)
margin = signal[:, 0] + signal[:, 1] * signal[:, 2] - np.abs(signal[:, 3])
y = (margin + random.logistic(size=len(x)) > 0).astype(int)
train, test = slice(0, 1200), slice(1200, 1600)


def fit(seed, rounds, leaves):
    parameters = {"objective": "binary", "num_leaves": leaves, "learning_rate": 0.1, "min_data_in_leaf": 20, "max_bin": 255, "verbose": -1, "num_threads": 1, "seed": seed, "deterministic": True, "bagging_fraction": 1.0 if seed == 0 else 0.98, "bagging_freq": 0 if seed == 0 else 1}
    return lgb.train(parameters, lgb.Dataset(x[train], y[train]), rounds)


small = fit(0, 12, 12)
rows = x[test][:40]
explainer = shap.TreeExplainer(small, data=x[train][:100], feature_perturbation="interventional")
interventional = explainer.shap_values(rows)
losses = [log_loss(y[test], fit(seed, 60, 15).predict(x[test])) for seed in range(12)]
labels = {"binary": y, "classes": np.digitize(margin, [-1, 0.5])}
forests = {}
for name, kind, target in [("binary", RandomForestClassifier, y), ("classes", RandomForestClassifier, labels["classes"]), ("numbers", RandomForestRegressor, margin), ("extra", ExtraTreesClassifier, y)]:
    forests[name] = [kind(n_estimators=60, random_state=seed, n_jobs=2).fit(x[train], target[train]).score(x[test], target[test]) for seed in range(12)]
missing = lambda table: [[None if np.isnan(v) else float(v) for v in row] for row in table]
contributions = small.predict(rows, pred_contrib=True)
golden = {
    "peers": {"lightgbm": lgb.__version__, "shap": shap.__version__},
    "x": missing(x),
    "y": y.tolist(),
    "train": 1200,
    "losses": losses,
    "classes": labels["classes"].tolist(),
    "numbers": np.round(margin, 6).tolist(),
    "forests": forests,
    "model": {key: value for key, value in small.dump_model().items() if key in ("num_tree_per_iteration", "tree_info")},
    "margins": small.predict(rows, raw_score=True).tolist(),
    "pathDependent": contributions.tolist(),
    "interventional": np.asarray(interventional).tolist(),
    "interventionalBase": float(np.ravel(explainer.expected_value)[-1]),
}
(folder / "ml-trees.json").write_text(json.dumps(golden) + "\n")
