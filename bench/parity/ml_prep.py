"""Goldens for engine/ml/prepare: scikit-learn's SimpleImputer, OneHotEncoder and StandardScaler, fitted on some rows and
applied to others with missing, rare and unseen values.

usage: ml_prep.py FOLDER   writes FOLDER/ml-prep.json
Plumbline's most levels leaves out the rare bucket that scikit-learn's max_categories counts.
"""
import json
import math
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

folder = Path(sys.argv[1])
random = np.random.default_rng(3)
train, rows = 140, 200

skewed = np.round(np.exp(random.normal(9, 1, size=rows)), 2)
skewed[random.uniform(size=rows) < 0.15] = np.nan
counts = random.integers(0, 6, size=rows).astype(float)
counts[random.uniform(size=rows) < 0.1] = np.nan
constant = np.full(rows, 0.1)
large = 1.6e12 + np.round(random.uniform(0, 3e10, size=rows))
empty = np.where(np.arange(rows) < train, np.nan, 7.0)
numbers = {"skewed": skewed, "counts": counts, "constant": constant, "large": large, "empty": empty}

levels = np.array(["aa", "b", "ccc", "Dd", "é", "日本", "rare one", "rare two"])
text = random.choice(levels, size=rows, p=[0.3, 0.22, 0.17, 0.12, 0.09, 0.06, 0.02, 0.02]).astype(object)
text[train + 5], text[train + 6] = "never seen", "nor this"
holes = random.uniform(size=rows) < 0.12
withHoles = np.where(holes, None, text)


def plain(values):
    return [None if isinstance(v, float) and not math.isfinite(v) else v for v in values]


def scaled(column, strategy):
    x = column.reshape(-1, 1)
    imputer = SimpleImputer(strategy=strategy, fill_value=-2.5, keep_empty_features=True).fit(x[:train])
    filled = imputer.transform(x)
    scaler = StandardScaler().fit(filled[:train])
    return {"fill": float(imputer.statistics_[0]), "values": scaler.transform(filled).ravel().tolist()}


def encoded(values, missing, **options):
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", sparse_output=False, **options)
    x = np.array(values, dtype=object).reshape(-1, 1)
    encoder.fit(x[:train])
    matrix = encoder.transform(x).astype(int)
    return {"names": [str(n) for n in encoder.get_feature_names_out(["t"])], "rows": matrix.tolist(), "missing": missing}


mode = SimpleImputer(strategy="most_frequent", missing_values=None).fit(withHoles[:train].reshape(-1, 1))
golden = {
    "peers": {"scikit-learn": sklearn.__version__},
    "train": train,
    "numbers": {name: plain(column.tolist()) for name, column in numbers.items()},
    "scaled": {
        name: {s: scaled(column, s) for s in ("median", "mean", "most_frequent", "constant")}
        for name, column in numbers.items()
    },
    "text": text.tolist(),
    "withHoles": withHoles.tolist(),
    "share": encoded(text, False, min_frequency=0.05),
    "count": encoded(text, False, min_frequency=12),
    "most": encoded(text, False, max_categories=4),
    "plain": encoded(text, False),
    "holes": encoded(withHoles, True, min_frequency=0.05),
    "mode": encoded(mode.transform(withHoles.reshape(-1, 1)).ravel(), False, min_frequency=0.05),
}
(folder / "ml-prep.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n")
