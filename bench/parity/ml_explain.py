"""Goldens for engine/ml/explain: shap.LinearExplainer with independent features over the whole background.

usage: ml_explain.py FOLDER   writes FOLDER/ml-explain.json
maskers.Independent takes 100 background rows unless max_samples says otherwise: it does here.
"""
import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import numpy as np
import shap
from sklearn.linear_model import LogisticRegression, Ridge

folder = Path(sys.argv[1])
random = np.random.default_rng(11)
rows, background_rows = 25, 160
sources = ["income", "income", "town", "town", "town", "years"]


def draw(n):
    numbers = np.round(random.normal(size=(n, 2)), 4)
    missing = (random.uniform(size=n) < 0.2).astype(float)
    town = np.eye(3)[random.integers(0, 3, size=n)]
    return np.column_stack([numbers[:, 0], missing, town, numbers[:, 1]])


background, x = draw(background_rows), draw(rows)
signal = background @ np.array([1.0, -0.7, 0.5, 0.0, -0.5, 0.2])
labels = (signal + random.normal(size=background_rows) > 0).astype(int)
masker = shap.maskers.Independent(background, max_samples=background_rows)


def explain(model, scores):
    explainer = shap.LinearExplainer(model, masker)
    values = np.asarray(explainer.shap_values(x))
    return {
        "intercept": float(np.ravel(model.intercept_)[0]),
        "coefficients": np.ravel(model.coef_).tolist(),
        "base": float(np.ravel(explainer.expected_value)[0]),
        "values": values.tolist(),
        "scores": np.ravel(scores).tolist(),
    }


logistic = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000).fit(background, labels)
ridge = Ridge(alpha=1.0).fit(background, signal)
golden = {
    "peers": {"shap": shap.__version__},
    "sources": sources, "background": background.tolist(), "x": x.tolist(),
    "logistic": explain(logistic, logistic.decision_function(x)),
    "ridge": explain(ridge, ridge.predict(x)),
}
(folder / "ml-explain.json").write_text(json.dumps(golden) + "\n")
