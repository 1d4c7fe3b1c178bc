"""Goldens for engine/ml/linear: scikit-learn's lasso, elastic net, path and L1 logistic regression on seeded data.

usage: ml_linear_more.py FOLDER   writes FOLDER/ml-linear-more.json
"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, enet_path

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
random = np.random.default_rng(21)
x = random.normal(size=(80, 8))
x[:, 3] = x[:, 0] + 0.1 * x[:, 3]
x[:, 6] = (x[:, 6] > 0.4).astype(float)
x[:, 7] = 5 + 3 * x[:, 7]
x = np.round(x, 3)
y = np.round(2 * x[:, 0] - x[:, 1] + 0.5 * x[:, 6] + 0.1 * x[:, 7] + random.normal(size=80), 3)
weights = random.integers(0, 4, size=80).astype(float)
margin = x[:, 0] - 1.5 * x[:, 1] + 0.2 * x[:, 7] - 1
binary = (margin + random.logistic(size=80) > 0).astype(int)
many = np.digitize(margin + random.logistic(size=80), [-0.8, 0.9])
wide = np.round(random.normal(size=(20, 45)), 3)
wide_y = np.round(wide[:, 0] - 2 * wide[:, 1] + 0.3 * random.normal(size=20), 3)
tight = {"tol": 1e-15, "max_iter": 1_000_000}


def linear(model, inputs, target, sample_weight=None):
    model.fit(inputs, target, sample_weight=sample_weight)
    return {"coefficients": model.coef_.tolist(), "intercept": float(model.intercept_)}


def logistic(target, cost, share, sample_weight=None):
    model = LogisticRegression(C=cost, l1_ratio=share, solver="saga", tol=1e-14, max_iter=400_000)
    model.fit(x, target, sample_weight=sample_weight)
    return {"coefficients": model.coef_.tolist(), "intercepts": model.intercept_.tolist()}


centred_x, centred_y = x - x.mean(axis=0), y - y.mean()
alphas, coefficients, _ = enet_path(centred_x, centred_y, l1_ratio=0.7, n_alphas=15, eps=1e-3, **tight)
golden = {
    "peers": {"scikit-learn": sklearn.__version__},
    "x": x.tolist(),
    "y": y.tolist(),
    "weights": weights.tolist(),
    "binary": binary.tolist(),
    "many": many.tolist(),
    "wide": wide.tolist(),
    "wideY": wide_y.tolist(),
    "lasso": {str(alpha): linear(Lasso(alpha=alpha, **tight), x, y) for alpha in (0.01, 0.1, 0.5, 5)},
    "elastic": {str(alpha): linear(ElasticNet(alpha=alpha, l1_ratio=0.4, **tight), x, y) for alpha in (0.01, 0.3)},
    "weighted": linear(ElasticNet(alpha=0.1, l1_ratio=0.4, **tight), x, y, weights),
    "wideLasso": linear(Lasso(alpha=0.05, **tight), wide, wide_y),
    "path": {"penalties": alphas.tolist(), "coefficients": coefficients.T.tolist()},
    "logistic": {str(cost): logistic(binary, cost, 1) for cost in (0.1, 1)},
    "logisticElastic": logistic(binary, 0.5, 0.3),
    "logisticWeighted": logistic(binary, 0.5, 1, weights),
    "multinomial": logistic(many, 0.5, 1),
    "multinomialElastic": logistic(many, 0.5, 0.5),
}
(folder / "ml-linear-more.json").write_text(json.dumps(golden) + "\n")
