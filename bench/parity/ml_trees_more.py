"""Goldens for engine/ml/trees: scikit-learn's pruning paths and isolation forest scores on seeded data.

usage: ml_trees_more.py FOLDER   writes FOLDER/ml-trees-more.json
Columns hold few whole numbers, so that quantile bins hold every value; weights or numeric targets break ties.
"""
import json
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

folder = Path(sys.argv[1])
random = np.random.default_rng(31)
x = random.integers(0, 40, size=(300, 5)).astype(float)
signal = np.sin(x[:, 0] / 6) + (x[:, 1] > 20) * x[:, 2] / 20
numbers = np.round(signal + 0.4 * random.normal(size=300), 6)
classes = np.digitize(signal + 0.4 * random.normal(size=300), [0.2, 1])
weights = np.round(random.uniform(0.2, 2, size=300), 6)


def pruned(tree, target, sample_weight=None):
    path = tree.cost_complexity_pruning_path(x, target, sample_weight=sample_weight)
    kept = []
    for at in (0.3, 0.6, 0.9):
        alpha = float(np.quantile(path.ccp_alphas, at)) * (1 + 1e-9)
        fitted = tree.set_params(ccp_alpha=alpha).fit(x, target, sample_weight=sample_weight)
        values = fitted.predict_proba(x) if hasattr(fitted, "predict_proba") else fitted.predict(x)
        kept.append({"alpha": alpha, "leaves": int(fitted.get_n_leaves()), "values": np.round(values[:60], 12).ravel().tolist()})
    tree.set_params(ccp_alpha=0)
    return {"alphas": path.ccp_alphas.tolist(), "impurities": path.impurities.tolist(), "pruned": kept}


inliers = random.normal(size=(500, 4))
outliers = random.uniform(-5, 5, size=(40, 4))
points = np.round(np.vstack([inliers, outliers]), 3)
is_outlier = np.r_[np.zeros(500), np.ones(40)]
scores = np.array([-IsolationForest(random_state=seed).fit(points).score_samples(points) for seed in range(20)])
kinds = np.c_[random.integers(0, 12, 800), random.integers(0, 5, 800), random.integers(0, 30, 800), random.integers(0, 20, 800)].astype(float)
effect = random.normal(size=12)[kinds[:, 0].astype(int)] + (kinds[:, 1] % 2) * kinds[:, 2] / 15 + 0.3 * random.normal(size=800)
effect = np.round(effect, 5)
common = {"objective": "regression", "learning_rate": 0.2, "min_data_in_leaf": 15, "min_data_in_bin": 1, "max_bin": 255, "verbose": -1, "num_threads": 1, "deterministic": True}
# a smoothing below 1 would let LightGBM sort categories without rows among the others
sets = {"cat_smooth": 1, "cat_l2": 0, "max_cat_threshold": 64, "max_cat_to_onehot": 1, "min_data_per_group": 1}


def boosted(categorical, more, rounds=8):
    data = lgb.Dataset(kinds, effect, categorical_feature=categorical, free_raw_data=False)
    model = lgb.train({**common, **more}, data, rounds)
    dump = {key: value for key, value in model.dump_model().items() if key in ("num_tree_per_iteration", "tree_info")}
    return model.predict(kinds), dump


by_sets, dump = boosted([0, 1], {"num_leaves": 8, **sets})
apart, _ = boosted([], {"num_leaves": 8, "interaction_constraints": [[0, 1], [2, 3]]})
golden = {
    "peers": {"scikit-learn": sklearn.__version__, "lightgbm": lgb.__version__},
    "x": x.tolist(),
    "numbers": numbers.tolist(),
    "classes": classes.tolist(),
    "weights": weights.tolist(),
    "trees": {
        "numbers": pruned(DecisionTreeRegressor(min_samples_leaf=5, random_state=0), numbers),
        "binary": pruned(DecisionTreeClassifier(max_depth=6, random_state=0), (classes > 0).astype(int), weights),
        "classes": pruned(DecisionTreeClassifier(max_depth=6, random_state=0), classes, weights),
    },
    "kinds": kinds.tolist(),
    "effect": effect.tolist(),
    "boosted": {"categorical": by_sets.tolist(), "model": dump, "interactions": apart.tolist()},
    "points": points.tolist(),
    "isolation": {
        "mean": np.round(scores.mean(axis=0), 6).tolist(),
        "deviation": np.round(scores.std(axis=0, ddof=1), 6).tolist(),
        "areas": [float(roc_auc_score(is_outlier, row)) for row in scores],
    },
}
(folder / "ml-trees-more.json").write_text(json.dumps(golden) + "\n")
