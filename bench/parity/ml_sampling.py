"""Goldens for engine/ml/{sampling,semi-supervised,cluster}: imbalanced-learn and scikit-learn on seeded data.

usage: ml_sampling.py FOLDER   writes FOLDER/ml-sampling*.json
Draws of samplers differ from ours, so of them the neighbours, the counts and the mean over many seeds are kept.
"""
import json
import math
import sys
import warnings
from pathlib import Path

import imblearn
import numpy as np
import sklearn
from imblearn.over_sampling import ADASYN, SMOTE, SMOTENC
from sklearn.cluster import DBSCAN, KMeans
from sklearn.neighbors import NearestNeighbors
from scipy.stats import entropy
from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances
from sklearn.semi_supervised import LabelPropagation, LabelSpreading

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
peers = {"scikit-learn": sklearn.__version__, "imbalanced-learn": imblearn.__version__}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write(name, golden):
    text = json.dumps({"peers": peers, **plain(golden)}, separators=(",", ":"))
    (folder / f"{name}.json").write_text(text + "\n")


def rounded(values, digits=3):
    return np.round(np.asarray(values, dtype=float), digits)




def samplers(rng):
    n = 160
    y = np.repeat([0, 1, 2], [100, 35, 25])
    x = rounded(rng.normal(size=(n, 3)) * [1, 2, 0.5] + np.outer(y, [1.5, 0, 1]))
    order = rng.permutation(n)
    x, y = x[order], y[order]
    categories = np.column_stack([rng.integers(0, 3, size=n), (x[:, 0] > 1).astype(int) + (rng.uniform(size=n) < 0.3)])
    own = x[y == 1]
    smote = SMOTE(random_state=0).fit(x, y)
    resampled = [SMOTE(random_state=s, sampling_strategy={1: 100}).fit_resample(x, y)[0] for s in range(200)]
    new = np.concatenate([r[n:] for r in resampled])
    mixed = np.column_stack([x, categories])
    nc = SMOTENC(categorical_features=[3, 4], random_state=0)
    nc.fit_resample(mixed, y)
    median = np.median(own.std(axis=0))
    dummies = np.column_stack([categories[:, c] == level for c in (0, 1) for level in range(3)]).astype(float)
    encoded = np.column_stack([x, dummies * nc.median_std_[1] / np.sqrt(2)])[y == 1]
    others = NearestNeighbors(n_neighbors=6).fit(x).kneighbors(own, return_distance=False)[:, 1:]
    ratio = np.sum(y[others] != 1, axis=1) / 5
    levels = [SMOTENC(categorical_features=[3, 4], random_state=s, sampling_strategy={1: 100}).fit_resample(mixed, y)[0][n:, 3:] for s in range(200)]
    shares = [[np.mean(np.concatenate(levels)[:, c] == level) for level in range(3)] for c in (0, 1)]
    return {
        "x": x, "y": y, "categories": categories.T,
        "neighbours": NearestNeighbors(n_neighbors=6).fit(own).kneighbors(own, return_distance=False)[:, 1:],
        "totals": np.bincount(smote.fit_resample(x, y)[1]),
        "mean": new.mean(axis=0), "covariance": np.cov(new.T),
        "medianDeviation": [median, nc.median_std_[1]],
        "mixedNeighbours": NearestNeighbors(n_neighbors=6).fit(encoded).kneighbors(encoded, return_distance=False)[:, 1:],
        "levelShares": shares,
        "adasynCounts": np.rint(ratio / ratio.sum() * 65).astype(int),
        "adasynTotals": np.bincount(ADASYN(random_state=0).fit_resample(x, y)[1]),
    }


def labels(rng):
    n = 90
    y = rng.integers(0, 3, size=n)
    x = rounded(rng.normal(size=(n, 2)) + np.column_stack([y * 1.5, (y == 1) * 2]))
    given = np.where(rng.uniform(size=n) < 0.2, y, -1)
    fresh = rounded(rng.normal(size=(12, 2)) + 1)
    cases = {
        "propagation rbf": LabelPropagation(kernel="rbf", gamma=2, max_iter=100000, tol=1e-12),
        "propagation knn": LabelPropagation(kernel="knn", n_neighbors=7, max_iter=100000, tol=1e-12),
        "spreading rbf": LabelSpreading(kernel="rbf", gamma=2, alpha=0.6, max_iter=100000, tol=1e-12),
        "spreading knn": LabelSpreading(kernel="knn", n_neighbors=5, max_iter=100000, tol=1e-12),
        "propagation default": LabelPropagation(),
        "spreading default": LabelSpreading(),
        "propagation short": LabelPropagation(kernel="knn", max_iter=3),
    }
    fitted = {}
    for name, model in cases.items():
        model.fit(x, given)
        fitted[name] = {"shares": model.label_distributions_, "rounds": model.n_iter_, "fresh": model.predict_proba(fresh)}
    return {"x": x, "given": given, "fresh": fresh, "cases": fitted}


def clusters(rng):
    n = 150
    x = rounded(rng.normal(size=(n, 3)) + 4 * rng.integers(0, 3, size=(n, 1)) + 10)
    initial = x[:6]
    fit = KMeans(n_clusters=6, init=initial, n_init=1).fit(x)
    far = np.vstack([x[:4], [[500.0, 500, 500]], [[600.0, 500, 500]]])
    empty = KMeans(n_clusters=6, init=far, n_init=1).fit(x)
    short = KMeans(n_clusters=6, init=initial, n_init=1, max_iter=2).fit(x)
    inertias = [KMeans(n_clusters=6, n_init=1, random_state=s).fit(x).inertia_ for s in range(60)]
    plane = rounded(np.concatenate([rng.normal(size=(60, 2)) * 0.4, rng.normal(size=(60, 2)) * 0.4 + 3, rng.uniform(-2, 5, size=(30, 2))]))
    kept = lambda model: {"centres": model.cluster_centers_, "labels": model.labels_, "inertia": model.inertia_, "rounds": model.n_iter_}
    scans = [[radius, least, DBSCAN(eps=radius, min_samples=least).fit(plane)] for radius, least in ((0.3, 5), (0.5, 5), (0.2, 3), (0.45, 12))]
    return {
        "x": x, "initial": initial, "far": far, "fit": kept(fit), "empty": kept(empty), "short": kept(short),
        "inertia": [np.min(inertias), np.mean(inertias), np.max(inertias)],
        "plane": plane, "scans": [{"radius": r, "least": m, "labels": s.labels_, "core": s.core_sample_indices_} for r, m, s in scans],
    }


def density(rng):
    """Information density (Settles & Craven 2008) by scikit-learn's similarities and scipy's entropy."""
    x = rounded(rng.normal(size=(40, 3)) * [1, 2, 0.5])
    x[7] = 0
    probabilities = rounded(rng.dirichlet([1, 1, 1], size=40), 4)
    similarities = {"distance": 1 / (1 + euclidean_distances(x)), "cosine": cosine_similarity(x)}
    doubt = entropy(probabilities / probabilities.sum(axis=1, keepdims=True), axis=1)
    means = {name: np.maximum(0, table.mean(axis=1)) for name, table in similarities.items()}
    return {"x": x, "probabilities": probabilities / probabilities.sum(axis=1, keepdims=True), "means": means,
            "scores": {f"{name} {beta}": doubt * mean ** beta for name, mean in means.items() for beta in (0.5, 1, 2)}}


if __name__ == "__main__":
    write("ml-sampling", samplers(np.random.default_rng(51)))
    write("ml-sampling-labels", labels(np.random.default_rng(52)))
    write("ml-sampling-clusters", clusters(np.random.default_rng(53)))
    write("ml-sampling-density", density(np.random.default_rng(54)))
