# group: woodelf
"""Goldens for engine/ml/tree-shap: Shapley values of a LightGBM model by woodelf (AAAI 2026), on seeded data.

usage: ml_woodelf.py FOLDER   writes FOLDER/ml-woodelf.json
"""
import importlib.metadata
import json
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
from woodelf.explainer import WoodelfExplainer

random = np.random.default_rng(53)
x = np.round(random.normal(size=(700, 6)), 4)
y = (x[:, 0] * x[:, 1] + np.sin(2 * x[:, 2]) + 0.5 * random.normal(size=700) > 0).astype(int)
options = {"objective": "binary", "num_leaves": 15, "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1}
model = lgb.train(options, lgb.Dataset(x, y), 15)
frame = lambda rows: pd.DataFrame(rows, columns=model.feature_name())
explained, background = x[:25], x[300:360]


def by_woodelf(**options):
    return np.asarray(WoodelfExplainer(model, **options).shap_values(frame(explained), verbose=False)).tolist()


golden = {
    "peers": {name: importlib.metadata.version(name) for name in ("woodelf_explainer", "lightgbm")},
    "model": {key: value for key, value in model.dump_model().items() if key in ("num_tree_per_iteration", "tree_info")},
    "explained": explained.tolist(),
    "background": background.tolist(),
    "pathDependent": by_woodelf(feature_perturbation="tree_path_dependent"),
    "interventional": by_woodelf(data=frame(background)),
}
(Path(sys.argv[1]) / "ml-woodelf.json").write_text(json.dumps(golden) + "\n")
